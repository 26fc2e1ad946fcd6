// Package report says what came of a run: as JSON, as a page that needs nothing else, as text.
package report

import (
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"penstock.dev/k6/audit"
	"penstock.dev/k6/processes"
	"penstock.dev/k6/rehearsal"
)

// Outcome is one run.
type Outcome struct {
	Scenario string    `json:"scenario"`
	Says     string    `json:"says"`
	Began    time.Time `json:"began"`
	Seconds  float64   `json:"seconds"`
	K6       Summary   `json:"k6"`
	// Exit is what k6 ended with; 99 is a threshold.
	Exit       int                          `json:"k6_exit"`
	Complaints []string                     `json:"complaints,omitempty"`
	Audit      *audit.Turns                 `json:"audit,omitempty"`
	Usage      map[string][]processes.Usage `json:"usage,omitempty"`
	Memory     []Growth                     `json:"memory,omitempty"`
	// HeapWarm and HeapEnd are live heaps in KiB after collections, a quarter into the run and when the
	// users have gone.
	HeapWarm map[string]int64  `json:"heap_warm_kib,omitempty"`
	HeapEnd  map[string]int64  `json:"heap_end_kib,omitempty"`
	Course   *rehearsal.Course `json:"course,omitempty"`
}

// Summary is what k6 hands to handleSummary.
type Summary struct {
	Metrics map[string]Metric `json:"metrics"`
}

// Metric is one of k6's, with what it was held to.
type Metric struct {
	Type       string               `json:"type"`
	Contains   string               `json:"contains"`
	Values     map[string]float64   `json:"values"`
	Thresholds map[string]Threshold `json:"thresholds,omitempty"`
}

// Threshold is whether one was met.
type Threshold struct {
	OK bool `json:"ok"`
}

// Verdict is one thing that had to hold.
type Verdict struct {
	What  string
	Found string
	OK    bool
}

// Verdicts are all of them, in a fixed order.
func (o *Outcome) Verdicts() []Verdict {
	var all []Verdict
	for _, name := range slices.Sorted(maps.Keys(o.K6.Metrics)) {
		metric := o.K6.Metrics[name]
		for _, rule := range slices.Sorted(maps.Keys(metric.Thresholds)) {
			if strings.HasSuffix(rule, ">=0") {
				continue // it is there to have k6 keep these apart
			}
			all = append(all, Verdict{name + " " + rule, metric.found(rule), metric.Thresholds[rule].OK})
		}
	}
	if o.Exit != 0 && o.Exit != 99 {
		all = append(all, Verdict{"k6 ends properly", fmt.Sprintf("exit %d", o.Exit), false})
	}
	if o.Audit != nil {
		all = append(all,
			Verdict{"every accepted turn has ended", fmt.Sprintf("%d have not", o.Audit.Unfinished), o.Audit.Unfinished == 0},
			Verdict{"every stored answer can be read", fmt.Sprintf("%d cannot", o.Audit.Unreadable), o.Audit.Unreadable == 0})
	}
	for _, growth := range o.Memory {
		all = append(all, Verdict{
			fmt.Sprintf("memory of %s grows by %g %% at most", growth.Process, mostGrowth),
			fmt.Sprintf("%+.1f %% (%d to %d MiB; live heap %d to %d MiB)", growth.Percent, growth.FromKiB/1024, growth.ToKiB/1024,
				o.HeapWarm[growth.Process]/1024, o.HeapEnd[growth.Process]/1024),
			growth.Percent <= mostGrowth,
		})
	}
	return append(all, o.scaling()...)
}

// scaling holds a rehearsal to what it is for.
func (o *Outcome) scaling() []Verdict {
	if o.Course == nil {
		return nil
	}
	var all []Verdict
	for _, name := range slices.Sorted(maps.Keys(o.Course.Limits)) {
		limits := o.Course.Limits[name]
		most, last := 0, 0
		for _, record := range o.Course.Records {
			last = record.Services[name].Ready
			most = max(most, last)
		}
		if limits.Max > limits.Min {
			all = append(all, Verdict{
				fmt.Sprintf("%s goes %d → %d", name, limits.Min, limits.Max),
				fmt.Sprintf("at most %d", most), most == limits.Max,
			})
		}
		if o.Scenario == "rehearsal" {
			all = append(all, Verdict{
				fmt.Sprintf("%s goes back to %d", name, limits.Min),
				fmt.Sprintf("%d at the end", last), last == limits.Min,
			})
		}
	}
	return all
}

// OK is whether all of it held.
func (o *Outcome) OK() bool {
	return !slices.ContainsFunc(o.Verdicts(), func(v Verdict) bool { return !v.OK })
}

func (m Metric) found(rule string) string {
	name := rule[:strings.IndexAny(rule, "<>=!")]
	return m.show(name)
}

func (m Metric) show(name string) string {
	value, known := m.Values[strings.TrimSpace(name)]
	switch {
	case !known:
		return "–"
	case m.Contains == "time":
		return fmt.Sprintf("%.4g ms", value)
	case value == float64(int64(value)):
		return fmt.Sprintf("%d", int64(value))
	default:
		return fmt.Sprintf("%.4g", value)
	}
}

// Text is for a terminal.
func (o *Outcome) Text() string {
	var text strings.Builder
	fmt.Fprintf(&text, "%s: %s, %.0f s\n\n", o.Scenario, o.Says, o.Seconds)
	for _, v := range o.Verdicts() {
		fmt.Fprintf(&text, "  %-4s %-50s %s\n", map[bool]string{true: "ok", false: "FAIL"}[v.OK], v.What, v.Found)
	}
	text.WriteByte('\n')
	for _, name := range o.named() {
		fmt.Fprintf(&text, "  %-34s %s\n", name, o.K6.Metrics[name].line())
	}
	for _, line := range o.Complaints {
		fmt.Fprintf(&text, "  %s\n", line)
	}
	return text.String()
}

// named are the metrics that people look at, k6's own last.
func (o *Outcome) named() []string {
	names := slices.Collect(maps.Keys(o.K6.Metrics))
	slices.SortFunc(names, func(a, b string) int {
		return cmp.Or(cmp.Compare(rank(a), rank(b)), cmp.Compare(a, b))
	})
	return names
}

func rank(name string) int {
	for _, own := range []string{"turns", "answers", "deltas", "id_gaps", "refusals", "first_token", "token_gap", "resumed", "cancelled"} {
		if strings.HasPrefix(name, own) {
			return 0
		}
	}
	return 1
}

func (m Metric) line() string {
	var parts []string
	for _, name := range []string{"count", "rate", "value", "min", "med", "avg", "p(95)", "p(99)", "max"} {
		if _, known := m.Values[name]; known {
			parts = append(parts, name+" "+m.show(name))
		}
	}
	return strings.Join(parts, ", ")
}

// Write writes summary.json and summary.html.
func (o *Outcome) Write(folder string) error {
	text, err := json.MarshalIndent(o, "", " ")
	if err != nil {
		return err
	}
	if err := os.WriteFile(filepath.Join(folder, "summary.json"), text, 0o644); err != nil {
		return err
	}
	if err := o.writeCourse(folder); err != nil {
		return err
	}
	html, err := o.page()
	if err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(folder, "summary.html"), html, 0o644)
}
