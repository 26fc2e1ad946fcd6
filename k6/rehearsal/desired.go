package rehearsal

import (
	"math"
	"time"
)

// Limits are one service's scaling settings, in Cloud Run's words.
type Limits struct {
	// Concurrency is the most requests one instance gets at once (--concurrency).
	Concurrency int `json:"concurrency"`
	// Target is the share of it that the autoscaler aims at; Cloud Run's default is 0.6.
	Target float64 `json:"target"`
	Min    int     `json:"min"`
	Max    int     `json:"max"`
	// ColdStart is added to what the process itself takes to start: image, weights, VRAM.
	ColdStart time.Duration `json:"cold_start_ns"`
}

// desired is how many instances there should be: as many as the average load asks for, one more than
// there are where requests wait and none is starting, within the limits.
func (l Limits) desired(load Load, ready, starting int) int {
	want := int(math.Ceil(load.Average / (l.Target * float64(l.Concurrency))))
	if load.Waiting > 0 && starting == 0 {
		want = max(want, ready+1)
	}
	return min(max(want, l.Min), l.Max)
}

// hold is how long the front end keeps a request that no instance can take: 3.5 times the start, at
// least ten seconds (Cloud Run's container contract).
func (l Limits) hold(start time.Duration) time.Duration {
	return max(time.Duration(3.5*float64(start)), 10*time.Second)
}
