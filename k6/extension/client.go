package sse

import (
	"time"

	"github.com/grafana/sobek"
)

// client is what a script's function gets: on(name, handler) and close().
type client struct {
	rt       *sobek.Runtime
	object   *sobek.Object
	handlers map[string][]sobek.Callable
}

func newClient(rt *sobek.Runtime, closeIt func()) *client {
	c := &client{rt: rt, object: rt.NewObject(), handlers: map[string][]sobek.Callable{}}
	c.set("on", func(name string, handler sobek.Value) {
		if callable, ok := sobek.AssertFunction(handler); ok {
			c.handlers[name] = append(c.handlers[name], callable)
		}
	})
	c.set("close", closeIt)
	return c
}

// emit calls the handlers of an event and returns what the first of them threw.
func (c *client) emit(name string, argument sobek.Value) error {
	for _, handler := range c.handlers[name] {
		if _, err := handler(sobek.Undefined(), argument); err != nil {
			return err
		}
	}
	return nil
}

// event is a plain object: a wrapped Go struct would be reflected on with every look at a member.
func (c *client) event(e Event, at time.Time) sobek.Value {
	object := c.rt.NewObject()
	for name, value := range map[string]any{
		"id":   e.ID,
		"name": e.Name,
		"data": e.Data,
		// Milliseconds since 1970 with their fraction, as Date.now() but finer.
		"time": float64(at.UnixMicro()) / 1000,
	} {
		_ = object.Set(name, value)
	}
	return object
}

func (c *client) set(name string, function any) {
	if err := c.object.Set(name, function); err != nil {
		panic(err) // a plain object takes every member
	}
}
