// Package rehearsal does to local processes what Cloud Run does to containers: a front end that holds
// each instance to its concurrency, and an autoscaler that starts and stops instances by the load.
package rehearsal

import (
	"context"
	"errors"
	"math/rand/v2"
	"net"
	"net/http"
	"net/http/httputil"
	"net/url"
	"sync"
	"time"
)

var errNoInstance = errors.New("no instance was free in time")

// Front is one service's address: it spreads requests over the instances that are ready, never more
// than concurrency to one, and lets the rest wait in line.
type Front struct {
	concurrency int
	// hold is how long a request waits for an instance before it is answered 429.
	hold    time.Duration
	server  *http.Server
	address string

	mutex     sync.Mutex
	instances []*Instance
	waiting   []chan *Instance
	refused   int
	// load is the sum over time of requests in flight and waiting, for averages.
	load integral
}

// Instance is one process behind a front.
type Instance struct {
	Name     string
	proxy    *httputil.ReverseProxy
	inFlight int
	since    time.Time
	draining bool
	idle     chan struct{}
}

// NewFront listens on a port of loopback.
func NewFront(concurrency int, hold time.Duration) (*Front, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	f := &Front{concurrency: concurrency, hold: hold, address: "http://" + listener.Addr().String()}
	f.load.begin(time.Now())
	f.server = &http.Server{Handler: f, ReadHeaderTimeout: 15 * time.Second}
	go func() { _ = f.server.Serve(listener) }()
	return f, nil
}

// Address is where callers of the service go.
func (f *Front) Address() string { return f.address }

// Close cuts every connection.
func (f *Front) Close() { _ = f.server.Close() }

// Add has requests sent to an instance from now on.
func (f *Front) Add(name, address string) (*Instance, error) {
	target, err := url.Parse(address)
	if err != nil {
		return nil, err
	}
	i := &Instance{Name: name, since: time.Now(), idle: make(chan struct{})}
	i.proxy = &httputil.ReverseProxy{
		Rewrite: func(r *httputil.ProxyRequest) {
			r.SetURL(target)
			r.Out.Host = target.Host
			r.SetXForwarded()
		},
		// Every event is passed on as it comes.
		FlushInterval: -1,
		Transport: &http.Transport{
			MaxIdleConnsPerHost: 256,
			DisableCompression:  true,
		},
		// What breaks behind the front breaks in front of it; before the head it is 503.
		ErrorHandler: func(w http.ResponseWriter, r *http.Request, _ error) {
			if r.Context().Err() == nil {
				w.Header().Set("Retry-After", "1")
				w.WriteHeader(http.StatusServiceUnavailable)
			}
		},
	}
	f.mutex.Lock()
	defer f.mutex.Unlock()
	f.instances = append(f.instances, i)
	f.seatWaiting()
	return i, nil
}

// Drain sends an instance nothing more; the channel closes when it has nothing in flight.
func (f *Front) Drain(i *Instance) <-chan struct{} {
	f.mutex.Lock()
	defer f.mutex.Unlock()
	if !i.draining {
		i.draining = true
		if i.inFlight == 0 {
			close(i.idle)
		}
	}
	return i.idle
}

// Remove forgets an instance whose process has ended.
func (f *Front) Remove(i *Instance) {
	f.mutex.Lock()
	defer f.mutex.Unlock()
	for at, each := range f.instances {
		if each == i {
			f.instances = append(f.instances[:at], f.instances[at+1:]...)
			break
		}
	}
	i.proxy.Transport.(*http.Transport).CloseIdleConnections()
}

func (f *Front) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	i, err := f.seat(r.Context())
	if err != nil {
		if r.Context().Err() == nil {
			w.Header().Set("Retry-After", "2")
			http.Error(w, err.Error(), http.StatusTooManyRequests)
		}
		return
	}
	defer f.leave(i)
	i.proxy.ServeHTTP(w, r)
}

// seat gives the request an instance, in the order of arrival.
func (f *Front) seat(ctx context.Context) (*Instance, error) {
	f.mutex.Lock()
	if i := f.free(); i != nil && len(f.waiting) == 0 {
		f.take(i)
		f.mutex.Unlock()
		return i, nil
	}
	turn := make(chan *Instance, 1)
	f.waiting = append(f.waiting, turn)
	f.load.change(time.Now(), 1)
	f.mutex.Unlock()
	timer := time.NewTimer(f.hold)
	defer timer.Stop()
	select {
	case i := <-turn:
		return i, nil
	case <-timer.C:
		return f.giveUp(turn, errNoInstance)
	case <-ctx.Done():
		return f.giveUp(turn, ctx.Err())
	}
}

// giveUp leaves the line, unless an instance came in the same moment.
func (f *Front) giveUp(turn chan *Instance, why error) (*Instance, error) {
	f.mutex.Lock()
	defer f.mutex.Unlock()
	for at, each := range f.waiting {
		if each == turn {
			f.waiting = append(f.waiting[:at], f.waiting[at+1:]...)
			f.load.change(time.Now(), -1)
			f.refused++
			return nil, why
		}
	}
	return <-turn, nil
}

func (f *Front) leave(i *Instance) {
	f.mutex.Lock()
	defer f.mutex.Unlock()
	f.load.change(time.Now(), -1)
	i.inFlight--
	if i.inFlight == 0 {
		i.since = time.Now()
		if i.draining {
			close(i.idle)
		}
	}
	f.seatWaiting()
}

func (f *Front) seatWaiting() {
	for len(f.waiting) > 0 {
		i := f.free()
		if i == nil {
			return
		}
		turn := f.waiting[0]
		f.waiting = f.waiting[1:]
		f.load.change(time.Now(), -1)
		f.take(i)
		turn <- i
	}
}

func (f *Front) take(i *Instance) {
	i.inFlight++
	f.load.change(time.Now(), 1)
}

// free is the instance with the fewest requests, any of them where several have as few.
func (f *Front) free() *Instance {
	var best *Instance
	ties := 0
	for _, i := range f.instances {
		switch {
		case i.draining || i.inFlight >= f.concurrency:
		case best == nil || i.inFlight < best.inFlight:
			best, ties = i, 1
		case i.inFlight == best.inFlight:
			if ties++; rand.IntN(ties) == 0 {
				best = i
			}
		}
	}
	return best
}

// Load is what a front sees at one moment.
type Load struct {
	InFlight int
	Waiting  int
	Refused  int
	// Average is of requests in flight and waiting, over the window that was asked for.
	Average float64
}

// Load tells it, with the average since the given moment.
func (f *Front) Load(since time.Time) Load {
	f.mutex.Lock()
	defer f.mutex.Unlock()
	l := Load{Waiting: len(f.waiting), Refused: f.refused, Average: f.load.average(since, time.Now())}
	for _, i := range f.instances {
		l.InFlight += i.inFlight
	}
	return l
}

// Idlest is the instance that is missed least: with the fewest requests, and of those the youngest.
func (f *Front) Idlest() *Instance {
	f.mutex.Lock()
	defer f.mutex.Unlock()
	var best *Instance
	for _, i := range f.instances {
		if !i.draining && (best == nil || i.inFlight < best.inFlight ||
			i.inFlight == best.inFlight && i.since.After(best.since)) {
			best = i
		}
	}
	return best
}

// busiest is the instance with the most requests of those that get any.
func (f *Front) busiest() *Instance {
	f.mutex.Lock()
	defer f.mutex.Unlock()
	var best *Instance
	for _, i := range f.instances {
		if !i.draining && (best == nil || i.inFlight > best.inFlight) {
			best = i
		}
	}
	return best
}
