package sse

import (
	"context"
	"net/http/httptrace"
	"strconv"
	"sync/atomic"
	"time"

	"go.k6.io/k6/lib"
	"go.k6.io/k6/metrics"
)

// measured is what one call adds to k6's metrics: http_reqs and its times as those of k6's own
// requests, whose duration is here that of the whole stream, and sse_event by the event's name.
type measured struct {
	began time.Time
	// Since then in nanoseconds, 0 for never. The transport's goroutines write them.
	sent   atomic.Int64
	head   atomic.Int64
	counts map[string]int
}

func (m *measured) trace(ctx context.Context) context.Context {
	m.began = time.Now()
	return httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{
		WroteRequest:         func(httptrace.WroteRequestInfo) { m.sent.Store(int64(time.Since(m.began))) },
		GotFirstResponseByte: func() { m.head.Store(int64(time.Since(m.began))) },
	})
}

func (m *measured) push(i *instance, o *order, r *Response) {
	state, builtin := i.vu.State(), i.vu.State().BuiltinMetrics
	took := time.Since(m.began)
	sent, head := time.Duration(m.sent.Load()), time.Duration(m.head.Load())
	failed := 0.0
	if r.Status == 0 || r.Status >= 400 {
		failed = 1
	}
	tags := o.tagged(state, r.Status, failed == 0)
	samples := []metrics.Sample{
		sample(builtin.HTTPReqs, tags, 1),
		sample(builtin.HTTPReqDuration, tags, metrics.D(took)),
		sample(builtin.HTTPReqFailed, tags, failed),
	}
	if head > sent {
		samples = append(samples,
			sample(builtin.HTTPReqWaiting, tags, metrics.D(head-sent)),
			sample(builtin.HTTPReqReceiving, tags, metrics.D(took-head)))
	}
	for name, count := range m.counts {
		of := metrics.TagsAndMeta{Tags: tags.Tags.With("event", name), Metadata: tags.Metadata}
		samples = append(samples, sample(i.events, of, float64(count)))
	}
	metrics.PushIfNotDone(i.vu.Context(), state.Samples, metrics.Samples(samples))
}

func sample(metric *metrics.Metric, tags metrics.TagsAndMeta, value float64) metrics.Sample {
	return metrics.Sample{
		TimeSeries: metrics.TimeSeries{Metric: metric, Tags: tags.Tags},
		Time:       time.Now(),
		Metadata:   tags.Metadata,
		Value:      value,
	}
}

// tagged is what k6's own requests have: where a request is named, the name stands for its address,
// which would be a series of its own.
func (o *order) tagged(state *lib.State, status int, expected bool) metrics.TagsAndMeta {
	tags, enabled := o.tags, state.Options.SystemTags
	name, named := tags.Tags.Get("name")
	if !named {
		name = o.url
	}
	tags.SetSystemTagOrMetaIfEnabled(enabled, metrics.TagURL, name)
	tags.SetSystemTagOrMetaIfEnabled(enabled, metrics.TagName, name)
	tags.SetSystemTagOrMetaIfEnabled(enabled, metrics.TagMethod, o.method)
	tags.SetSystemTagOrMetaIfEnabled(enabled, metrics.TagStatus, strconv.Itoa(status))
	tags.SetSystemTagOrMetaIfEnabled(enabled, metrics.TagExpectedResponse, strconv.FormatBool(expected))
	return tags
}
