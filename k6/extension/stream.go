package sse

import (
	"context"
	"io"
	"time"
)

// readBytes is the most that one read takes.
const readBytes = 32 << 10

// stream reads a body on a goroutine of its own.
type stream struct {
	body    io.ReadCloser
	parser  *parser
	silence time.Duration
	silent  func()
	ready   []Event
}

// batch is what one read brought, and why it was the last if err is set.
type batch struct {
	events []Event
	at     time.Time
	err    error
}

func newStream(body io.ReadCloser, silence time.Duration, silent func()) *stream {
	s := &stream{body: body, silence: silence, silent: silent}
	s.parser = &parser{dispatch: func(e Event) { s.ready = append(s.ready, e) }}
	return s
}

// read sends batches until the body ends or ctx does, then closes the channel.
func (s *stream) read(ctx context.Context, batches chan<- batch) {
	defer close(batches)
	if s.silence > 0 {
		timer := time.AfterFunc(s.silence, s.silent)
		defer timer.Stop()
		s.each(ctx, batches, func() { timer.Reset(s.silence) })
		return
	}
	s.each(ctx, batches, func() {})
}

func (s *stream) each(ctx context.Context, batches chan<- batch, heard func()) {
	buffer := make([]byte, readBytes)
	for {
		count, err := s.body.Read(buffer)
		if count > 0 {
			heard()
			if broken := s.parser.feed(buffer[:count]); broken != nil {
				err = broken
			}
		}
		if len(s.ready) == 0 && err == nil {
			continue
		}
		select {
		case batches <- batch{events: s.ready, at: time.Now(), err: err}:
			s.ready = nil
		case <-ctx.Done():
			return
		}
		if err != nil {
			return
		}
	}
}
