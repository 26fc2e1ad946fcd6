package audit

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"
)

// gateway has as many sessions as it is asked for, each with the same turns.
func gateway(t *testing.T, sessions int, turns func(asked int) string) string {
	asked := 0
	mux := http.NewServeMux()
	mux.HandleFunc("GET /v1/sessions", func(w http.ResponseWriter, r *http.Request) {
		from, size := 0, 2
		_, _ = fmt.Sscan(r.URL.Query().Get("after"), &from)
		p := page[session]{}
		for n := from; n < min(sessions, from+size); n++ {
			p.Data = append(p.Data, session{ID: fmt.Sprint(n)})
		}
		if next := fmt.Sprint(from + size); from+size < sessions {
			p.Next = &next
		}
		_ = json.NewEncoder(w).Encode(p)
	})
	mux.HandleFunc("GET /v1/sessions/{id}/turns", func(w http.ResponseWriter, _ *http.Request) {
		asked++
		_, _ = fmt.Fprintf(w, `{"data":[%s],"next_cursor":null}`, turns(asked))
	})
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	return server.URL
}

func completed(text string) string {
	return fmt.Sprintf(`{"id":"t","state":"completed","output":{"text":%q,"sha256":%q}}`, text, sum(text))
}

func TestReadsEveryPage(t *testing.T) {
	found, err := Settle(t.Context(), gateway(t, 5, func(int) string { return completed("Grüße") }), 0)

	if err != nil || !found.OK() || found.Sessions != 5 || found.States["completed"] != 5 {
		t.Errorf("%+v, %v", found, err)
	}
}

func TestFindsWhatIsWrong(t *testing.T) {
	for turns, want := range map[string]Turns{
		`{"id":"t","state":"streaming"}`:                                           {Unfinished: 1},
		`{"id":"t","state":"accepted"}`:                                            {Unfinished: 1},
		`{"id":"t","state":"completed","output":null}`:                             {Unreadable: 1},
		`{"id":"t","state":"interrupted","output":{"text":"a","sha256":"0000"}}`:   {Unreadable: 1},
		`{"id":"t","state":"failed","output":null},{"id":"u","state":"cancelled"}`: {},
	} {
		found, err := Settle(t.Context(), gateway(t, 1, func(int) string { return turns }), 0)
		if err != nil || found.Unfinished != want.Unfinished || found.Unreadable != want.Unreadable {
			t.Errorf("%s: %+v, %v", turns, found, err)
		}
	}
}

func TestWaitsForTurnsThatGoOnWithoutReaders(t *testing.T) {
	url := gateway(t, 1, func(asked int) string {
		if asked < 3 {
			return `{"id":"t","state":"streaming"}`
		}
		return completed("done")
	})

	found, err := Settle(t.Context(), url, 20*time.Second)

	if err != nil || !found.OK() || found.States["completed"] != 1 {
		t.Errorf("%+v, %v", found, err)
	}
}
