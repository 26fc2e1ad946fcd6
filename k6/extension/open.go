package sse

import (
	"context"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"strings"
	"time"

	"github.com/grafana/sobek"

	"go.k6.io/k6/js/common"
)

// maxBodyBytes is how much of an answer that is no stream is kept for the script.
const maxBodyBytes = 1 << 20

var (
	errInit    = common.NewInitContextError("sse.open cannot be used in the init context")
	errClosed  = errors.New("closed by the script")
	errTimeout = errors.New("the stream did not end in time")
	errSilence = errors.New("the stream was silent for too long")
)

// Response is what sse.open returns once the stream has ended, however it ended.
type Response struct {
	URL     string            `js:"url"`
	Status  int               `js:"status"`
	Headers map[string]string `js:"headers"`
	// Body is that of an answer that is no event stream, a problem for instance.
	Body string `js:"body"`
	// Error is empty where the server ended the body properly or the script closed it.
	Error string `js:"error"`
	// Closed is whether the script did.
	Closed bool `js:"closed"`
	// Comments counts comment lines, which keep-alives are.
	Comments int `js:"comments"`
	// LastEventID is what a reader that comes back has to send.
	LastEventID string `js:"lastEventId"`
	// Retry is the reconnection time the server asked for in milliseconds, 0 if it did not.
	Retry int64 `js:"retry"`
}

// open blocks the virtual user until the stream has ended or was closed; its handlers run in between,
// on the same goroutine, since a script's runtime must not be entered from two.
func (i *instance) open(url string, args ...sobek.Value) (*Response, error) {
	state := i.vu.State()
	if state == nil {
		return nil, errInit
	}
	rt := i.vu.Runtime()
	o, err := newOrder(rt, state, url, args)
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithCancelCause(i.vu.Context())
	defer cancel(nil)
	if o.timeout > 0 {
		timer := time.AfterFunc(o.timeout, func() { cancel(errTimeout) })
		defer timer.Stop()
	}
	client := newClient(rt, func() { cancel(errClosed) })
	if _, err := o.setup(sobek.Undefined(), client.object); err != nil {
		return nil, err
	}
	call := newCall(i, o, client)
	response, err := call.run(ctx, cancel)
	call.measured.push(i, o, response)
	if call.thrown != nil {
		return nil, call.thrown
	}
	response.Closed = errors.Is(context.Cause(ctx), errClosed)
	// What the script closed and what the end of the test cut is no failure.
	if err != nil && !response.Closed && i.vu.Context().Err() == nil {
		response.Error = reason(ctx, err)
		if thrown := client.emit("error", rt.ToValue(&failure{response.Error})); thrown != nil {
			return nil, thrown
		}
	}
	return response, nil
}

// failure is what handlers of "error" get; xk6-sse's scripts read it by failure.error().
type failure struct {
	Message string `js:"message"`
}

func (f *failure) Error() string { return f.Message }

func reason(ctx context.Context, err error) string {
	if cause := context.Cause(ctx); errors.Is(cause, errTimeout) || errors.Is(cause, errSilence) {
		return cause.Error()
	}
	return err.Error()
}

// call is one request and its answer.
type call struct {
	instance *instance
	order    *order
	client   *client
	measured *measured
	// thrown is what a handler of the script threw.
	thrown error
}

func newCall(i *instance, o *order, c *client) *call {
	return &call{instance: i, order: o, client: c, measured: &measured{counts: map[string]int{}}}
}

func (c *call) run(ctx context.Context, cancel context.CancelCauseFunc) (*Response, error) {
	response := &Response{URL: c.order.url, Headers: map[string]string{}}
	request, err := http.NewRequestWithContext(
		c.measured.trace(ctx), c.order.method, c.order.url, strings.NewReader(c.order.body))
	if err != nil {
		return response, err
	}
	request.Header = c.order.headers
	if ctx.Err() != nil {
		return response, context.Cause(ctx)
	}
	answer, err := c.instance.connections().RoundTrip(request)
	if err != nil {
		return response, err
	}
	defer func() { _ = answer.Body.Close() }()
	response.Status = answer.StatusCode
	for name, values := range answer.Header {
		response.Headers[name] = strings.Join(values, ", ")
	}
	if answer.StatusCode != http.StatusOK || !isEventStream(answer.Header) {
		body, err := io.ReadAll(io.LimitReader(answer.Body, maxBodyBytes))
		response.Body = string(body)
		return response, err
	}
	if c.thrown = c.client.emit("open", c.instance.vu.Runtime().ToValue(response)); c.thrown != nil {
		return response, c.thrown
	}
	s := newStream(answer.Body, c.order.silence, func() { cancel(errSilence) })
	err = c.relay(ctx, s)
	response.Comments, response.LastEventID = s.parser.comments, s.parser.lastID
	response.Retry = s.parser.retry.Milliseconds()
	return response, err
}

// relay hands each event to the script as it comes.
func (c *call) relay(ctx context.Context, s *stream) error {
	reading, stop := context.WithCancel(ctx)
	batches := make(chan batch)
	go s.read(reading, batches)
	defer func() {
		stop()
		_ = s.body.Close()
		// The parser is the reader's until it has left.
		for range batches {
			continue
		}
	}()
	for piece := range batches {
		for _, event := range piece.events {
			if ctx.Err() != nil {
				return context.Cause(ctx)
			}
			c.measured.counts[event.Name]++
			if c.thrown = c.client.emit("event", c.client.event(event, piece.at)); c.thrown != nil {
				return c.thrown
			}
		}
		if piece.err != nil {
			return piece.end()
		}
	}
	return context.Cause(ctx)
}

func isEventStream(header http.Header) bool {
	kind, _, err := mime.ParseMediaType(header.Get("Content-Type"))
	return err == nil && kind == "text/event-stream"
}

// end is nil for a body that ended as it should.
func (b batch) end() error {
	switch {
	case errors.Is(b.err, io.EOF):
		return nil
	case errors.Is(b.err, io.ErrUnexpectedEOF):
		return errors.New("the connection was closed inside the body")
	default:
		return fmt.Errorf("the stream broke: %w", b.err)
	}
}
