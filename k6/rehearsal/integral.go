package rehearsal

import "time"

// integral is a number over time, kept for as long as anybody averages over.
type integral struct {
	steps []step
}

type step struct {
	at    time.Time
	value int
}

// kept is longer than any window that is asked for.
const kept = 2 * time.Minute

func (i *integral) begin(at time.Time) { i.steps = []step{{at: at}} }

func (i *integral) change(at time.Time, by int) {
	i.steps = append(i.steps, step{at, i.steps[len(i.steps)-1].value + by})
	old := 0
	for old < len(i.steps)-1 && at.Sub(i.steps[old+1].at) > kept {
		old++
	}
	i.steps = i.steps[old:]
}

// average is over the time from since to now, or as much of it as there has been.
func (i *integral) average(since, now time.Time) float64 {
	if first := i.steps[0].at; since.Before(first) {
		since = first
	}
	if !now.After(since) {
		return float64(i.steps[len(i.steps)-1].value)
	}
	var sum float64
	end := now
	for at := len(i.steps) - 1; at >= 0 && end.After(since); at-- {
		begin := i.steps[at].at
		if !begin.Before(end) {
			continue
		}
		if begin.Before(since) {
			begin = since
		}
		sum += float64(i.steps[at].value) * end.Sub(begin).Seconds()
		end = begin
	}
	return sum / now.Sub(since).Seconds()
}
