package sse

import (
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"go.k6.io/k6/js/common"
	"go.k6.io/k6/js/modulestest"
	"go.k6.io/k6/lib"
	"go.k6.io/k6/metrics"
)

const limit = 20 * time.Second

// user is one virtual user and the server it talks to.
type user struct {
	t       *testing.T
	runtime *modulestest.Runtime
	samples chan metrics.SampleContainer
	server  *httptest.Server
}

func newUser(t *testing.T, handler http.HandlerFunc) *user {
	t.Helper()
	server := httptest.NewServer(handler)
	t.Cleanup(server.Close)
	registry := metrics.NewRegistry()
	runtime := modulestest.NewRuntime(t)
	runtime.VU.InitEnvField = &common.InitEnvironment{
		TestPreInitState: &lib.TestPreInitState{Registry: registry},
	}
	module := new(RootModule).NewModuleInstance(runtime.VU)
	samples := make(chan metrics.SampleContainer, 1000)
	runtime.MoveToVUContext(&lib.State{
		Dialer:         &net.Dialer{},
		Options:        lib.Options{SystemTags: &metrics.DefaultSystemTagSet},
		Samples:        samples,
		BuiltinMetrics: metrics.RegisterBuiltinMetrics(registry),
		Tags:           lib.NewVUStateTags(registry.RootTagSet()),
	})
	u := &user{t, runtime, samples, server}
	u.set("sse", module.Exports().Default)
	u.set("url", server.URL)
	return u
}

func (u *user) set(name string, value any) {
	u.t.Helper()
	if err := u.runtime.VU.Runtime().Set(name, value); err != nil {
		u.t.Fatal(err)
	}
}

func (u *user) run(script string) string {
	u.t.Helper()
	value, err := u.runtime.VU.Runtime().RunString(script)
	if err != nil {
		u.t.Fatal(err)
	}
	return value.String()
}

func (u *user) expect(script, want string) {
	u.t.Helper()
	if got := u.run(script); got != want {
		u.t.Errorf("got %s, want %s", got, want)
	}
}

func events(text string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/event-stream; charset=utf-8")
		_, _ = io.WriteString(w, text)
	}
}

func TestHandsOnEachEventAsItComes(t *testing.T) {
	seen := make(chan struct{})
	u := newUser(t, func(w http.ResponseWriter, _ *http.Request) {
		events("id: 1\nevent: delta\ndata: a\n\n")(w, nil)
		w.(http.Flusher).Flush()
		select {
		case <-seen:
			_, _ = io.WriteString(w, "data: b\n\n")
		case <-time.After(limit):
		}
	})
	u.set("seen", func() { close(seen) })

	u.expect(`
		const got = [];
		const response = sse.open(url, (client) => {
			client.on('open', (r) => got.push(r.status));
			client.on('event', (e) => {
				got.push(e.id + '/' + e.name + '/' + e.data + '/' + (Math.abs(Date.now() - e.time) < 20000));
				if (e.data === 'a') seen();
			});
		});
		JSON.stringify([got, response.status, response.error, response.closed, response.lastEventId])`,
		`[[200,"1/delta/a/true","/message/b/true"],200,"",false,"1"]`)
}

func TestSendsMethodHeadersAndBody(t *testing.T) {
	u := newUser(t, func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		events(fmt.Sprintf("data: %s %s %s %s\n\n", r.Method, r.Header.Get("Last-Event-ID"), r.Header.Get("Accept"), body))(w, r)
	})

	u.expect(`
		let got;
		sse.open(url, {method: 'post', body: '{"a":1}', headers: {'Last-Event-ID': 't.1.7'}}, (client) => {
			client.on('event', (e) => { got = e.data; });
		});
		got`,
		`POST t.1.7 text/event-stream {"a":1}`)
}

func TestClosingClosesTheConnection(t *testing.T) {
	left := make(chan struct{})
	u := newUser(t, func(w http.ResponseWriter, r *http.Request) {
		events("data: a\n\ndata: b\n\n")(w, r)
		w.(http.Flusher).Flush()
		<-r.Context().Done()
		close(left)
	})

	u.expect(`
		let got = '';
		const response = sse.open(url, (client) => {
			client.on('event', (e) => { got += e.data; client.close(); });
			client.on('error', (f) => { got += f.error(); });
		});
		got + response.closed + response.error`, `atrue`)
	select {
	case <-left:
	case <-time.After(limit):
		t.Error("the server still has the connection")
	}
}

func TestTellsOfABodyThatBreaksOff(t *testing.T) {
	u := newUser(t, func(w http.ResponseWriter, r *http.Request) {
		events("id: 4\ndata: a\n\n")(w, r)
		w.(http.Flusher).Flush()
		panic(http.ErrAbortHandler)
	})

	u.expect(`
		let told;
		const response = sse.open(url, (client) => { client.on('error', (f) => { told = f.error(); }); });
		JSON.stringify([told === response.error, told, response.lastEventId])`,
		`[true,"the connection was closed inside the body","4"]`)
}

func TestGivesTheBodyOfARefusal(t *testing.T) {
	u := newUser(t, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/problem+json")
		w.Header().Set("Retry-After", "3")
		w.WriteHeader(http.StatusTooManyRequests)
		_, _ = io.WriteString(w, `{"code":"queue_full"}`)
	})

	u.expect(`
		let opened = false;
		const r = sse.open(url, (client) => { client.on('open', () => { opened = true; }); });
		JSON.stringify([r.status, r.headers['Retry-After'], JSON.parse(r.body).code, r.error, opened])`,
		`[429,"3","queue_full","",false]`)
}

func TestCutsOffSilenceAndWhatTakesTooLong(t *testing.T) {
	for parameter, want := range map[string]string{
		"silence": errSilence.Error(), "timeout": errTimeout.Error(),
	} {
		u := newUser(t, func(w http.ResponseWriter, r *http.Request) {
			events("data: a\n\n")(w, r)
			w.(http.Flusher).Flush()
			<-r.Context().Done()
		})
		u.expect(fmt.Sprintf(`sse.open(url, {%s: 100}, () => {}).error`, parameter), want)
	}
}

func TestTellsThatNobodyListens(t *testing.T) {
	u := newUser(t, events(""))
	u.server.Close()

	got := u.run(`
		let told;
		sse.open(url, (client) => { client.on('error', (f) => { told = f.error(); }); });
		told`)
	if !strings.Contains(got, "refused") {
		t.Errorf("got %q", got)
	}
}

func TestThrowsWhatAHandlerThrows(t *testing.T) {
	u := newUser(t, events("data: a\n\n"))

	u.expect(`
		let caught;
		try {
			sse.open(url, (client) => { client.on('event', () => { throw new Error('mine'); }); });
		} catch (e) { caught = e.message; }
		caught`, `mine`)
}

func TestRefusesParametersItDoesNotKnow(t *testing.T) {
	u := newUser(t, events(""))

	u.expect(`
		let caught;
		try { sse.open(url, {headres: {}}, () => {}); } catch (e) { caught = String(e); }
		caught.includes('headres')`, `true`)
}

func TestEndsWithTheTest(t *testing.T) {
	u := newUser(t, func(w http.ResponseWriter, r *http.Request) {
		events("data: a\n\n")(w, r)
		w.(http.Flusher).Flush()
		<-r.Context().Done()
	})
	u.set("end", u.runtime.CancelContext)

	u.expect(`sse.open(url, (client) => { client.on('event', () => end()); }).error`, ``)
}

func TestMeasuresAsOtherRequestsAre(t *testing.T) {
	u := newUser(t, events("event: delta\ndata: a\n\nevent: delta\ndata: b\n\ndata: c\n\n"))
	u.run(`sse.open(url, {tags: {name: 'turn'}}, () => {})`)

	values := map[string]float64{}
	for _, container := range metrics.GetBufferedSamples(u.samples) {
		for _, s := range container.GetSamples() {
			event, _ := s.Tags.Get("event")
			values[s.Metric.Name+event] += s.Value
			if name, _ := s.Tags.Get("url"); name != "turn" {
				t.Errorf("%s has the url %q", s.Metric.Name, name)
			}
		}
	}
	for name, want := range map[string]float64{
		"http_reqs": 1, "http_req_failed": 0, "sse_eventdelta": 2, "sse_eventmessage": 1,
	} {
		if got, found := values[name]; !found || got != want {
			t.Errorf("%s is %v, want %v", name, got, want)
		}
	}
	if values["http_req_duration"] <= 0 || values["http_req_waiting"] <= 0 {
		t.Errorf("no times: %v", values)
	}
}
