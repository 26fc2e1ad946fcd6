package processes

import (
	"strings"
	"testing"
	"time"
)

func start(t *testing.T, script string) *Process {
	p, err := Start(Command{Name: "it", Path: "/bin/sh", Args: []string{"-c", script}, Folder: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { p.Stop() })
	return p
}

func TestEndsWhatItStarted(t *testing.T) {
	p := start(t, `trap 'exit 3' TERM; echo up; while :; do read x || sleep 0.01; done`)
	if err := p.Await(t.Context(), 20*time.Second, func() bool { return strings.Contains(p.Tail(), "up") }); err != nil {
		t.Fatal(err)
	}

	if killed := p.Stop(); killed || p.Code() != 3 {
		t.Errorf("killed %v, exit %d", killed, p.Code())
	}
}

func TestTellsWhatAProcessSaidThatEndedEarly(t *testing.T) {
	p := start(t, `echo the reason; exit 4`)

	err := p.Await(t.Context(), 20*time.Second, func() bool { return false })

	if err == nil || !strings.Contains(err.Error(), "the reason") || !strings.Contains(err.Error(), "4") {
		t.Errorf("got %v", err)
	}
}

func TestKeepsSettingsOfOursAway(t *testing.T) {
	t.Setenv("PENSTOCK_FLUSH_MS", "1")
	t.Setenv("PORT", "1")
	for _, pair := range environment(map[string]string{"PORT": "2"}) {
		if strings.HasPrefix(pair, "PENSTOCK_") || pair == "PORT=1" {
			t.Error(pair)
		}
	}
}

func TestWatchesMemoryAndTimeOfAProcessAndItsChildren(t *testing.T) {
	p := start(t, `sh -c 'i=0; while [ $i -lt 200000 ]; do i=$((i+1)); done; echo done; read x'; read y`)
	watch := NewWatch(time.Hour)
	watch.Add("it", p.Pid())
	if err := p.Await(t.Context(), 60*time.Second, func() bool { return strings.Contains(p.Tail(), "done") }); err != nil {
		t.Fatal(err)
	}

	usage := watch.Stop()["it"]

	if len(usage) != 1 || usage[0].RSSKiB < 500 || usage[0].CPUSeconds <= 0 {
		t.Errorf("%+v", usage)
	}
}
