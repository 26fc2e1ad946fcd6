// Package audit asks a gateway for every session and turn it has, when the users have gone: what was
// accepted must have an end, and a text that is what its checksum says.
package audit

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"sync"
	"time"
)

// Turns is what was found.
type Turns struct {
	Sessions   int            `json:"sessions"`
	States     map[string]int `json:"states"`
	Unfinished int            `json:"unfinished"`
	Unreadable int            `json:"unreadable"`
	// Wrong names the first few of both.
	Wrong []string `json:"wrong,omitempty"`
}

// OK is whether every turn has ended and can be read.
func (t Turns) OK() bool { return t.Unfinished == 0 && t.Unreadable == 0 }

// readers read sessions side by side.
const readers = 8

const namedMost = 10

type page[T any] struct {
	Data []T     `json:"data"`
	Next *string `json:"next_cursor"`
}

type session struct {
	ID string `json:"id"`
}

type turn struct {
	ID     string `json:"id"`
	State  string `json:"state"`
	Output *struct {
		Text   string `json:"text"`
		SHA256 string `json:"sha256"`
	} `json:"output"`
}

// Settle audits until every turn has ended, at most for limit: readers that left do not end a turn.
func Settle(ctx context.Context, gateway string, limit time.Duration) (Turns, error) {
	deadline := time.Now().Add(limit)
	for {
		found, err := once(ctx, gateway)
		if err != nil || found.Unfinished == 0 || time.Now().After(deadline) {
			return found, err
		}
		select {
		case <-ctx.Done():
			return found, ctx.Err()
		case <-time.After(time.Second):
		}
	}
}

func once(ctx context.Context, gateway string) (Turns, error) {
	sessions, err := all[session](ctx, gateway+"/v1/sessions")
	if err != nil {
		return Turns{}, err
	}
	found := Turns{Sessions: len(sessions), States: map[string]int{}}
	queue := make(chan session)
	var mutex sync.Mutex
	var first error
	var group sync.WaitGroup
	for range readers {
		group.Go(func() {
			for each := range queue {
				turns, err := all[turn](ctx, gateway+"/v1/sessions/"+each.ID+"/turns")
				mutex.Lock()
				if err != nil && first == nil {
					first = err
				}
				for _, t := range turns {
					found.take(t)
				}
				mutex.Unlock()
			}
		})
	}
	for _, each := range sessions {
		queue <- each
	}
	close(queue)
	group.Wait()
	return found, first
}

func (t *Turns) take(each turn) {
	t.States[each.State]++
	switch {
	case each.State == "accepted" || each.State == "streaming":
		t.Unfinished++
		t.name(each, "has no end")
	case each.State == "completed" && each.Output == nil:
		t.Unreadable++
		t.name(each, "has no text")
	case each.Output != nil && each.Output.SHA256 != "" && each.Output.SHA256 != sum(each.Output.Text):
		t.Unreadable++
		t.name(each, "has another checksum than its text")
	}
}

func (t *Turns) name(each turn, what string) {
	if len(t.Wrong) < namedMost {
		t.Wrong = append(t.Wrong, each.ID+" "+what)
	}
}

func sum(text string) string {
	digest := sha256.Sum256([]byte(text))
	return hex.EncodeToString(digest[:])
}

func all[T any](ctx context.Context, address string) ([]T, error) {
	var found []T
	query := url.Values{"limit": {"100"}}
	for {
		var p page[T]
		if err := get(ctx, address+"?"+query.Encode(), &p); err != nil {
			return nil, err
		}
		found = append(found, p.Data...)
		if p.Next == nil {
			return found, nil
		}
		query.Set("after", *p.Next)
	}
}

func get(ctx context.Context, address string, into any) error {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return err
	}
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		return err
	}
	defer func() { _ = answer.Body.Close() }()
	if answer.StatusCode != http.StatusOK {
		return fmt.Errorf("%s is answered %d", address, answer.StatusCode)
	}
	return json.NewDecoder(answer.Body).Decode(into)
}
