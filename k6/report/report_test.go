package report

import (
	"encoding/json"
	"encoding/xml"
	"io"
	"regexp"
	"strings"
	"testing"

	"penstock.dev/k6/audit"
	"penstock.dev/k6/processes"
	"penstock.dev/k6/rehearsal"
)

func outcome(t *testing.T) *Outcome {
	o := &Outcome{Scenario: "load", Says: "<many> & more"}
	err := json.Unmarshal([]byte(`{"metrics":{
		"turns_lost":{"type":"counter","contains":"default","values":{"count":0,"rate":0},"thresholds":{"count==0":{"ok":true}}},
		"first_token":{"type":"trend","contains":"time","values":{"med":41.5,"p(95)":812.25},"thresholds":{"p(95)<1000":{"ok":true}}}}}`), &o.K6)
	if err != nil {
		t.Fatal(err)
	}
	o.Audit = &audit.Turns{States: map[string]int{"completed": 3}}
	for n := range 30 {
		o.Usage = map[string][]processes.Usage{"gateway-1": append(o.Usage["gateway-1"],
			processes.Usage{Seconds: float64(n), RSSKiB: 100 << 10, CPUSeconds: float64(n) / 2})}
	}
	return o
}

func TestPassesWhenEverythingHolds(t *testing.T) {
	o := outcome(t)
	if !o.OK() {
		t.Error(o.Text())
	}
}

func TestFailsOnAnyBreach(t *testing.T) {
	for what, breach := range map[string]func(*Outcome){
		"a threshold": func(o *Outcome) {
			o.K6.Metrics["turns_lost"].Thresholds["count==0"] = Threshold{OK: false}
		},
		"a k6 that died":     func(o *Outcome) { o.Exit = 107 },
		"an unfinished turn": func(o *Outcome) { o.Audit.Unfinished = 1 },
		"an unreadable turn": func(o *Outcome) { o.Audit.Unreadable = 1 },
		"memory that grows": func(o *Outcome) {
			for n := 27; n < 30; n++ {
				o.Usage["gateway-1"][n].RSSKiB = 106 << 10
			}
			o.HoldMemory()
		},
		"a service that did not grow": func(o *Outcome) {
			o.Course = &rehearsal.Course{Limits: map[string]rehearsal.Limits{"model": {Min: 1, Max: 3}}}
		},
	} {
		o := outcome(t)
		breach(o)
		if o.OK() {
			t.Errorf("%s passes", what)
		}
	}
}

func TestMemoryThatMovesALittleIsNoGrowth(t *testing.T) {
	o := outcome(t)
	o.Usage["gateway-1"][28].RSSKiB = 500 << 10
	o.HoldMemory()
	if len(o.Memory) != 1 || !o.OK() {
		t.Errorf("%+v", o.Memory)
	}
}

func TestThePageNeedsNothingFromElsewhere(t *testing.T) {
	text, err := outcome(t).page()
	if err != nil {
		t.Fatal(err)
	}
	page := string(text)
	if found := regexp.MustCompile(`(?:src|href|url)\s*[=(]|<script`).FindString(page); found != "" {
		t.Errorf("it has %q", found)
	}
	if strings.Contains(page, "<many>") || !strings.Contains(page, "&lt;many&gt;") {
		t.Error("text is not escaped")
	}
	for _, part := range []string{"812.2 ms", "completed", "color-scheme", "<svg"} {
		if !strings.Contains(page, part) {
			t.Errorf("it lacks %s", part)
		}
	}
}

func TestTheDrawingIsXML(t *testing.T) {
	course := &rehearsal.Course{
		Limits: map[string]rehearsal.Limits{"model": {Min: 1, Max: 3}, "proxy": {Min: 1, Max: 2}},
		Records: []rehearsal.Record{
			{Seconds: 0, Services: map[string]rehearsal.Moment{"model": {Ready: 1}}},
			{Seconds: 9, Services: map[string]rehearsal.Moment{"model": {Ready: 3, InFlight: 12}}},
		},
	}
	decoder := xml.NewDecoder(strings.NewReader(CourseSVG(course)))
	for {
		if _, err := decoder.Token(); err == io.EOF {
			return
		} else if err != nil {
			t.Fatal(err)
		}
	}
}

func TestAxesEndOnRoundNumbers(t *testing.T) {
	for value, want := range map[float64]float64{0: 4, 1: 4, 3: 4, 5: 8, 12: 20, 0.3: 0.4, 730: 800, 99: 100} {
		if got := round(value); got < value || (value >= 5 && got != want) {
			t.Errorf("%v becomes %v, want %v", value, got, want)
		}
	}
}
