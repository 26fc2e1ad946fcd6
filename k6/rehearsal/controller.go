package rehearsal

import (
	"context"
	"errors"
	"sync"
	"time"
)

// Controller scales several services and writes down what it sees.
type Controller struct {
	services []*Service
	began    time.Time

	mutex   sync.Mutex
	events  []Event
	moments []Record
}

// Record is all services at one moment.
type Record struct {
	Seconds  float64           `json:"s"`
	Services map[string]Moment `json:"services"`
}

// Course is what happened, from the first moment to the last.
type Course struct {
	Limits  map[string]Limits `json:"limits"`
	Records []Record          `json:"records"`
	Events  []Event           `json:"events"`
}

// NewController has no service yet.
func NewController() *Controller { return &Controller{began: time.Now()} }

// Add has a service scaled from the next Run on.
func (c *Controller) Add(s *Service) { c.services = append(c.services, s) }

// Told keeps an event with its time.
func (c *Controller) Told(e Event) {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	e.Seconds = time.Since(c.began).Seconds()
	c.events = append(c.events, e)
}

// Run looks every interval, until ctx ends or an instance cannot be started.
func (c *Controller) Run(ctx context.Context, interval time.Duration) error {
	ticker := time.NewTicker(interval)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-ticker.C:
		}
		var broken error
		record := Record{Seconds: time.Since(c.began).Seconds(), Services: map[string]Moment{}}
		for _, s := range c.services {
			s.Adjust(ctx)
			moment, err := s.Moment()
			record.Services[s.Name] = moment
			broken = errors.Join(broken, err)
		}
		c.mutex.Lock()
		c.moments = append(c.moments, record)
		c.mutex.Unlock()
		if broken != nil {
			return broken
		}
	}
}

// Course tells what happened so far.
func (c *Controller) Course() Course {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	limits := map[string]Limits{}
	for _, s := range c.services {
		limits[s.Name] = s.Limits
	}
	return Course{Limits: limits, Records: append([]Record(nil), c.moments...), Events: append([]Event(nil), c.events...)}
}

// Thinned has a record only every so many seconds.
func (c *Course) Thinned(seconds float64) Course {
	thin := Course{Limits: c.Limits, Events: c.Events}
	for _, record := range c.Records {
		last := len(thin.Records) - 1
		if last < 0 || record.Seconds-thin.Records[last].Seconds >= seconds {
			thin.Records = append(thin.Records, record)
		}
	}
	return thin
}
