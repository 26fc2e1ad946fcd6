package rehearsal

import (
	"context"
	"fmt"
	"sync"
	"time"

	"penstock.dev/k6/processes"
)

// Launch starts one more process of a service and gives its address once it is ready.
type Launch func(ctx context.Context, name string) (*processes.Process, string, error)

// Service is one service under the autoscaler.
type Service struct {
	Name   string
	Limits Limits

	front  *Front
	launch Launch
	clock  Clock
	told   func(Event)
	watch  *processes.Watch

	mutex    sync.Mutex
	running  map[*Instance]*processes.Process
	starting int
	number   int
	broken   error
	changes  sync.WaitGroup
}

// Clock is how much faster than Cloud Run everything goes.
type Clock struct {
	// Window is what one minute of averaging is here.
	Window time.Duration
	// Drain is how long an instance that is no longer wanted may finish its requests before SIGTERM.
	Drain time.Duration
}

// Event is one thing the autoscaler did.
type Event struct {
	Seconds  float64 `json:"s"`
	Service  string  `json:"service"`
	Instance string  `json:"instance"`
	What     string  `json:"what"`
}

// NewService has no instance yet.
func NewService(name string, limits Limits, clock Clock, launch Launch, watch *processes.Watch, told func(Event)) (*Service, error) {
	front, err := NewFront(limits.Concurrency, limits.hold(limits.ColdStart+typicalStart))
	if err != nil {
		return nil, err
	}
	return &Service{
		Name: name, Limits: limits, front: front, launch: launch, clock: clock, watch: watch, told: told,
		running: map[*Instance]*processes.Process{},
	}, nil
}

// typicalStart is what a service's process takes to be ready here, cold start apart.
const typicalStart = 2 * time.Second

// Address is where its callers go.
func (s *Service) Address() string { return s.front.Address() }

// Begin starts the least number of instances and waits for them.
func (s *Service) Begin(ctx context.Context) error {
	for range s.Limits.Min {
		s.mutex.Lock()
		name := s.next()
		s.mutex.Unlock()
		if err := s.start(ctx, name, 0); err != nil {
			return err
		}
	}
	return nil
}

// Adjust compares what there is with what there should be, and starts or stops what differs.
func (s *Service) Adjust(ctx context.Context) {
	load := s.front.Load(time.Now().Add(-s.clock.Window))
	s.mutex.Lock()
	defer s.mutex.Unlock()
	ready := s.ready()
	want := s.Limits.desired(load, ready, s.starting)
	for n := ready + s.starting; n < want; n++ {
		name := s.next()
		s.changes.Go(func() {
			if err := s.start(ctx, name, s.Limits.ColdStart); err != nil && ctx.Err() == nil {
				s.mutex.Lock()
				s.broken = err
				s.mutex.Unlock()
			}
		})
	}
	// One at a time, and none while one is coming: the average is a minute behind.
	if s.starting == 0 && ready > want {
		if i := s.front.Idlest(); i != nil {
			idle := s.front.Drain(i)
			s.changes.Go(func() { s.stop(i, idle) })
		}
	}
}

// ready counts the instances that get requests.
func (s *Service) ready() int {
	count := 0
	for i := range s.running {
		if !s.front.isDraining(i) {
			count++
		}
	}
	return count
}

func (s *Service) next() string {
	s.number++
	s.starting++
	return fmt.Sprintf("%s-%d", s.Name, s.number)
}

func (s *Service) start(ctx context.Context, name string, cold time.Duration) error {
	defer func() {
		s.mutex.Lock()
		s.starting--
		s.mutex.Unlock()
	}()
	s.tell(name, "starting")
	select {
	case <-time.After(cold):
	case <-ctx.Done():
		return ctx.Err()
	}
	process, address, err := s.launch(ctx, name)
	if err != nil {
		return err
	}
	s.watch.Add(name, process.Pid())
	instance, err := s.front.Add(name, address)
	if err != nil {
		process.Stop()
		return err
	}
	s.mutex.Lock()
	s.running[instance] = process
	s.mutex.Unlock()
	s.tell(name, "ready")
	return nil
}

// Interrupt ends the busiest instance although it serves, as the platform does in exceptional cases.
// It tells whether there was one to spare.
func (s *Service) Interrupt() bool {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	if s.ready() < 2 {
		return false
	}
	i := s.front.busiest()
	s.front.Drain(i)
	now := make(chan struct{})
	close(now)
	s.changes.Go(func() { s.stop(i, now) })
	return true
}

// stop lets an instance finish what it has, for a while, and then ends it as the platform does.
func (s *Service) stop(i *Instance, idle <-chan struct{}) {
	s.tell(i.Name, "draining")
	select {
	case <-idle:
	case <-time.After(s.clock.Drain):
	}
	s.mutex.Lock()
	process := s.running[i]
	s.mutex.Unlock()
	s.tell(i.Name, "SIGTERM")
	killed := process.Stop()
	s.front.Remove(i)
	s.mutex.Lock()
	delete(s.running, i)
	s.mutex.Unlock()
	if killed {
		s.tell(i.Name, "SIGKILL")
	} else {
		s.tell(i.Name, fmt.Sprintf("exit %d", process.Code()))
	}
}

// End stops every instance.
func (s *Service) End() {
	s.changes.Wait()
	s.mutex.Lock()
	left := make([]*Instance, 0, len(s.running))
	for i := range s.running {
		left = append(left, i)
	}
	s.mutex.Unlock()
	var stops sync.WaitGroup
	for _, i := range left {
		stops.Go(func() {
			s.mutex.Lock()
			process := s.running[i]
			s.mutex.Unlock()
			process.Stop()
		})
	}
	stops.Wait()
	s.front.Close()
}

// Moment is what one service looks like at one moment.
type Moment struct {
	Ready    int     `json:"ready"`
	Starting int     `json:"starting"`
	InFlight int     `json:"in_flight"`
	Waiting  int     `json:"waiting"`
	Refused  int     `json:"refused"`
	Average  float64 `json:"average"`
}

// Moment tells it; an error is an instance that could not be started.
func (s *Service) Moment() (Moment, error) {
	load := s.front.Load(time.Now().Add(-s.clock.Window))
	s.mutex.Lock()
	defer s.mutex.Unlock()
	return Moment{
		Ready: s.ready(), Starting: s.starting,
		InFlight: load.InFlight, Waiting: load.Waiting, Refused: load.Refused, Average: load.Average,
	}, s.broken
}

func (s *Service) tell(instance, what string) {
	s.told(Event{Service: s.Name, Instance: instance, What: what})
}

func (f *Front) isDraining(i *Instance) bool {
	f.mutex.Lock()
	defer f.mutex.Unlock()
	return i.draining
}
