package rehearsal

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
)

const limit = 20 * time.Second

// instance is a server whose requests end when they are told to.
type instance struct {
	server *httptest.Server
	begun  chan string
	finish chan struct{}
	left   chan struct{}
}

func newInstance(t *testing.T) *instance {
	i := &instance{begun: make(chan string, 100), finish: make(chan struct{}), left: make(chan struct{}, 100)}
	i.server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.WriteString(w, "data: begun\n\n")
		w.(http.Flusher).Flush()
		i.begun <- r.URL.Path
		select {
		case <-i.finish:
		case <-r.Context().Done():
			i.left <- struct{}{}
		}
	}))
	t.Cleanup(i.server.Close)
	return i
}

func newFront(t *testing.T, concurrency int, hold time.Duration) *Front {
	f, err := NewFront(concurrency, hold)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(f.Close)
	return f
}

func add(t *testing.T, f *Front, name string, i *instance) *Instance {
	added, err := f.Add(name, i.server.URL)
	if err != nil {
		t.Fatal(err)
	}
	return added
}

func ask(t *testing.T, ctx context.Context, f *Front, path string) chan *http.Response {
	answers := make(chan *http.Response, 1)
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, f.Address()+path, nil)
	if err != nil {
		t.Fatal(err)
	}
	go func() {
		answer, err := http.DefaultClient.Do(request)
		if err != nil {
			close(answers)
			return
		}
		answers <- answer
	}()
	return answers
}

func await[T any](t *testing.T, what string, c <-chan T) T {
	t.Helper()
	select {
	case value := <-c:
		return value
	case <-time.After(limit):
		t.Fatalf("%s did not come", what)
		panic("unreachable")
	}
}

func eventually(t *testing.T, what string, holds func() bool) {
	t.Helper()
	for deadline := time.Now().Add(limit); !holds(); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("%s did not come true", what)
		}
	}
}

func TestPassesEventsOnAsTheyCome(t *testing.T) {
	f, i := newFront(t, 1, limit), newInstance(t)
	add(t, f, "one", i)

	answer := await(t, "the head", ask(t, t.Context(), f, "/a"))
	line, err := bufio.NewReader(answer.Body).ReadString('\n')

	if err != nil || line != "data: begun\n" {
		t.Errorf("got %q, %v, while the stream goes on", line, err)
	}
	close(i.finish)
}

func TestGivesNoInstanceMoreThanItsConcurrency(t *testing.T) {
	f, one, two := newFront(t, 2, limit), newInstance(t), newInstance(t)
	add(t, f, "one", one)
	add(t, f, "two", two)

	for n := range 5 {
		ask(t, t.Context(), f, fmt.Sprintf("/%d", n))
	}

	eventually(t, "four in flight and one in line", func() bool {
		load := f.Load(time.Now())
		return load.InFlight == 4 && load.Waiting == 1
	})
	if len(one.begun) > 2 || len(two.begun) > 2 {
		t.Errorf("%d and %d", len(one.begun), len(two.begun))
	}
	close(one.finish)
	close(two.finish)
	eventually(t, "all served", func() bool { return len(one.begun)+len(two.begun) == 5 && f.Load(time.Now()).InFlight == 0 })
}

func TestLetsRequestsWaitForTheFirstInstance(t *testing.T) {
	f, i := newFront(t, 4, limit), newInstance(t)
	answers := ask(t, t.Context(), f, "/early")
	eventually(t, "one in line", func() bool { return f.Load(time.Now()).Waiting == 1 })

	add(t, f, "late", i)

	if answer := await(t, "the answer", answers); answer.StatusCode != http.StatusOK {
		t.Errorf("answered %d", answer.StatusCode)
	}
	close(i.finish)
}

func TestAnswers429WhenNoInstanceComesInTime(t *testing.T) {
	f := newFront(t, 1, 50*time.Millisecond)

	answer := await(t, "the answer", ask(t, t.Context(), f, "/"))

	if answer.StatusCode != http.StatusTooManyRequests || answer.Header.Get("Retry-After") == "" {
		t.Errorf("answered %d, Retry-After %q", answer.StatusCode, answer.Header.Get("Retry-After"))
	}
	if load := f.Load(time.Now()); load.Waiting != 0 || load.Refused != 1 {
		t.Errorf("load %+v", load)
	}
}

func TestWhoLeavesTheLineIsNotServed(t *testing.T) {
	f, i := newFront(t, 1, limit), newInstance(t)
	ctx, leave := context.WithCancel(t.Context())
	ask(t, ctx, f, "/left")
	eventually(t, "one in line", func() bool { return f.Load(time.Now()).Waiting == 1 })

	leave()

	eventually(t, "nobody in line", func() bool { return f.Load(time.Now()).Waiting == 0 })
	add(t, f, "one", i)
	ask(t, t.Context(), f, "/next")
	if path := await(t, "a request", i.begun); path != "/next" {
		t.Errorf("got %s", path)
	}
	close(i.finish)
}

func TestTellsTheInstanceThatACallerLeft(t *testing.T) {
	f, i := newFront(t, 1, limit), newInstance(t)
	add(t, f, "one", i)
	ctx, leave := context.WithCancel(t.Context())
	await(t, "the head", ask(t, ctx, f, "/"))

	leave()

	await(t, "the end of the request", i.left)
	eventually(t, "an empty front", func() bool { return f.Load(time.Now()).InFlight == 0 })
}

func TestADrainingInstanceFinishesWhatItHasAndGetsNothingNew(t *testing.T) {
	f, old, fresh := newFront(t, 2, limit), newInstance(t), newInstance(t)
	drained := add(t, f, "old", old)
	ask(t, t.Context(), f, "/running")
	await(t, "the request", old.begun)
	add(t, f, "new", fresh)

	idle := f.Drain(drained)
	ask(t, t.Context(), f, "/new")

	if path := await(t, "the next request", fresh.begun); path != "/new" {
		t.Errorf("got %s", path)
	}
	select {
	case <-idle:
		t.Error("idle while a request runs")
	default:
	}
	close(old.finish)
	await(t, "its end", idle)
	f.Remove(drained)
	close(fresh.finish)
}

func TestWhatBreaksBehindTheFrontBreaksInFrontOfIt(t *testing.T) {
	f := newFront(t, 1, limit)
	broken := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		_, _ = io.WriteString(w, strings.Repeat("data: x\n\n", 1000))
		w.(http.Flusher).Flush()
		panic(http.ErrAbortHandler)
	}))
	t.Cleanup(broken.Close)
	if _, err := f.Add("one", broken.URL); err != nil {
		t.Fatal(err)
	}

	answer := await(t, "the head", ask(t, t.Context(), f, "/"))

	if _, err := io.ReadAll(answer.Body); err == nil {
		t.Error("a body that broke off looks whole")
	}
}

func TestAnInstanceThatIsGoneIsA503(t *testing.T) {
	f, i := newFront(t, 1, limit), newInstance(t)
	i.server.Close()
	add(t, f, "gone", i)

	if answer := await(t, "the answer", ask(t, t.Context(), f, "/")); answer.StatusCode != http.StatusServiceUnavailable {
		t.Errorf("answered %d", answer.StatusCode)
	}
}
