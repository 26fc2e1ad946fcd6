package report

import (
	"maps"
	"slices"
	"strings"

	"penstock.dev/k6/processes"
)

// mostGrowth is how many percent a service's memory may grow once it is warm.
const mostGrowth = 5.0

// Growth is a process's resident memory, warm and at the end: medians, since a collection moves it.
type Growth struct {
	Process string  `json:"process"`
	FromKiB int64   `json:"from_kib"`
	ToKiB   int64   `json:"to_kib"`
	Percent float64 `json:"percent"`
}

// HoldMemory has the services' memory judged.
func (o *Outcome) HoldMemory() {
	for _, name := range slices.Sorted(maps.Keys(o.Usage)) {
		if !service(name) {
			continue
		}
		if growth, ok := grown(o.Usage[name]); ok {
			growth.Process = name
			o.Memory = append(o.Memory, growth)
		}
	}
}

func service(name string) bool {
	return strings.HasPrefix(name, "gateway") || name == "session-service" || name == "inference-proxy" || name == "penstock"
}

// grown compares the third tenth of the time, when caches are full and code is compiled, with the last.
func grown(usage []processes.Usage) (Growth, bool) {
	tenth := len(usage) / 10
	if tenth == 0 {
		return Growth{}, false
	}
	from, to := median(usage[2*tenth:3*tenth]), median(usage[len(usage)-tenth:])
	return Growth{FromKiB: from, ToKiB: to, Percent: 100 * (float64(to)/float64(from) - 1)}, true
}

func median(usage []processes.Usage) int64 {
	values := make([]int64, len(usage))
	for at, u := range usage {
		values[at] = u.RSSKiB
	}
	slices.Sort(values)
	return values[len(values)/2]
}
