package sse

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/grafana/sobek"

	"go.k6.io/k6/js/common"
	"go.k6.io/k6/lib"
	"go.k6.io/k6/metrics"
)

// order is what a script asks for: sse.open(url, params?, setup).
type order struct {
	url     string
	method  string
	body    string
	headers http.Header
	tags    metrics.TagsAndMeta
	// timeout bounds the whole stream, silence the time without a byte; 0 is no bound.
	timeout time.Duration
	silence time.Duration
	setup   sobek.Callable
}

func newOrder(rt *sobek.Runtime, state *lib.State, url string, args []sobek.Value) (*order, error) {
	o := &order{
		url:     url,
		method:  http.MethodGet,
		headers: http.Header{"Accept": {"text/event-stream"}},
		tags:    state.Tags.GetCurrentValues(),
	}
	if agent := state.Options.UserAgent.String; agent != "" {
		o.headers.Set("User-Agent", agent)
	}
	if len(args) == 0 || len(args) > 2 {
		return nil, errors.New("sse.open takes an address, parameters if you like, and a function")
	}
	setup, ok := sobek.AssertFunction(args[len(args)-1])
	if !ok {
		return nil, errors.New("the last argument of sse.open must be a function")
	}
	o.setup = setup
	if len(args) == 2 && !absent(args[0]) {
		if err := o.parse(rt, args[0].ToObject(rt)); err != nil {
			return nil, err
		}
	}
	return o, nil
}

func (o *order) parse(rt *sobek.Runtime, params *sobek.Object) error {
	for _, name := range params.Keys() {
		value := params.Get(name)
		if absent(value) {
			continue
		}
		switch name {
		case "method":
			o.method = strings.ToUpper(value.String())
		case "body":
			o.body = value.String()
		case "headers":
			headers := value.ToObject(rt)
			for _, header := range headers.Keys() {
				o.headers.Set(header, headers.Get(header).String())
			}
		case "tags":
			if err := common.ApplyCustomUserTags(rt, &o.tags, value); err != nil {
				return fmt.Errorf("the tags of sse.open: %w", err)
			}
		case "timeout":
			o.timeout = milliseconds(value)
		case "silence":
			o.silence = milliseconds(value)
		default:
			return fmt.Errorf("sse.open does not know the parameter %q", name)
		}
	}
	return nil
}

func absent(value sobek.Value) bool {
	return value == nil || sobek.IsUndefined(value) || sobek.IsNull(value)
}

func milliseconds(value sobek.Value) time.Duration {
	return time.Duration(value.ToFloat() * float64(time.Millisecond))
}
