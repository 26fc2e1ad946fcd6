package rehearsal

import (
	"testing"
	"time"
)

var gpu = Limits{Concurrency: 4, Target: 0.6, Min: 1, Max: 3}

func TestAsksForAsManyInstancesAsTheAverageNeeds(t *testing.T) {
	for _, c := range []struct {
		says            string
		load            Load
		ready, starting int
		want            int
	}{
		{"nothing to do", Load{}, 1, 0, 1},
		{"the target of one instance", Load{Average: 2.4}, 1, 0, 1},
		{"a little above it", Load{Average: 2.5}, 1, 0, 2},
		{"more than the most", Load{Average: 100}, 1, 0, 3},
		{"a request waits, though the average is low", Load{Average: 0.1, Waiting: 1}, 1, 0, 2},
		{"a request waits and one is starting", Load{Average: 0.1, Waiting: 1}, 1, 1, 1},
		{"a request waits and there are as many as may be", Load{Waiting: 9}, 3, 0, 3},
	} {
		if got := gpu.desired(c.load, c.ready, c.starting); got != c.want {
			t.Errorf("%s: %d, want %d", c.says, got, c.want)
		}
	}
}

func TestStartsFromZeroWhenTheFirstRequestWaits(t *testing.T) {
	limits := Limits{Concurrency: 4, Target: 0.6, Min: 0, Max: 1}

	if got := limits.desired(Load{}, 0, 0); got != 0 {
		t.Errorf("%d without a request", got)
	}
	if got := limits.desired(Load{Waiting: 1}, 0, 0); got != 1 {
		t.Errorf("%d with one", got)
	}
}

func TestHoldsRequestsForThreeAndAHalfStarts(t *testing.T) {
	if got := gpu.hold(time.Second); got != 10*time.Second {
		t.Errorf("%v", got)
	}
	if got := gpu.hold(4 * time.Second); got != 14*time.Second {
		t.Errorf("%v", got)
	}
}

func TestAveragesOverTime(t *testing.T) {
	at := func(seconds int) time.Time { return time.Unix(int64(seconds), 0) }
	var load integral
	load.begin(at(0))
	load.change(at(10), 4)
	load.change(at(20), -2)

	for _, c := range []struct {
		since, now int
		want       float64
	}{{0, 10, 0}, {0, 20, 2}, {10, 20, 4}, {15, 25, 3}, {20, 40, 2}, {-50, 10, 0}, {30, 30, 2}} {
		if got := load.average(at(c.since), at(c.now)); got != c.want {
			t.Errorf("from %d to %d: %v, want %v", c.since, c.now, got, c.want)
		}
	}
}

func TestForgetsWhatNobodyAveragesOver(t *testing.T) {
	var load integral
	load.begin(time.Unix(0, 0))
	for second := range 10_000 {
		load.change(time.Unix(int64(second), 0), 1-2*(second%2))
	}
	if len(load.steps) > 125 {
		t.Errorf("%d steps are kept", len(load.steps))
	}
}
