package processes

import (
	"bufio"
	"bytes"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"time"
)

// ticksPerSecond is USER_HZ, 100 on every Linux there is.
const ticksPerSecond = 100

// Usage is what a process and all it started used at one moment.
type Usage struct {
	// Seconds since the watching began.
	Seconds float64 `json:"s"`
	// RSSKiB counts shared pages once, in the process with the most of them.
	RSSKiB int64 `json:"rss_kib"`
	// CPUSeconds is user and system time so far.
	CPUSeconds float64 `json:"cpu_s"`
}

// Watch samples processes until it is stopped.
type Watch struct {
	mutex   sync.Mutex
	began   time.Time
	pids    map[string]int
	usage   map[string][]Usage
	stop    chan struct{}
	stopped chan struct{}
}

// NewWatch samples every interval from now on.
func NewWatch(interval time.Duration) *Watch {
	w := &Watch{
		began: time.Now(), pids: map[string]int{}, usage: map[string][]Usage{},
		stop: make(chan struct{}), stopped: make(chan struct{}),
	}
	go func() {
		defer close(w.stopped)
		ticker := time.NewTicker(interval)
		defer ticker.Stop()
		for {
			select {
			case <-ticker.C:
				w.sample()
			case <-w.stop:
				return
			}
		}
	}()
	return w
}

// Add has another process sampled, under a name of its own.
func (w *Watch) Add(name string, pid int) {
	w.mutex.Lock()
	defer w.mutex.Unlock()
	w.pids[name] = pid
}

// Stop ends the sampling and gives all of it.
func (w *Watch) Stop() map[string][]Usage {
	close(w.stop)
	<-w.stopped
	w.sample()
	return w.usage
}

func (w *Watch) sample() {
	w.mutex.Lock()
	defer w.mutex.Unlock()
	at := time.Since(w.began).Seconds()
	children := childrenByParent()
	for name, pid := range w.pids {
		if u, ok := usageOf(pid, children); ok {
			u.Seconds = at
			w.usage[name] = append(w.usage[name], u)
		}
	}
}

func usageOf(root int, children map[int][]int) (Usage, bool) {
	var u Usage
	var shared int64
	found := false
	for queue := []int{root}; len(queue) > 0; queue = queue[1:] {
		pid := queue[0]
		queue = append(queue, children[pid]...)
		own, common, ok := memory(pid)
		if !ok {
			continue
		}
		found = true
		u.RSSKiB += own
		shared = max(shared, common)
		u.CPUSeconds += cpuSeconds(pid)
	}
	u.RSSKiB += shared
	return u, found
}

// memory is what only this process has in memory and what others may have too, in KiB.
func memory(pid int) (own, shared int64, ok bool) {
	file, err := os.ReadFile(filepath.Join("/proc", strconv.Itoa(pid), "status"))
	if err != nil {
		return 0, 0, false
	}
	lines := bufio.NewScanner(bytes.NewReader(file))
	for lines.Scan() {
		fields := strings.Fields(lines.Text())
		if len(fields) < 2 {
			continue
		}
		kib, _ := strconv.ParseInt(fields[1], 10, 64)
		switch fields[0] {
		case "RssAnon:":
			own = kib
		case "RssFile:", "RssShmem:":
			shared += kib
		}
	}
	return own, shared, true
}

func cpuSeconds(pid int) float64 {
	fields := stat(pid)
	if len(fields) < 13 {
		return 0
	}
	user, _ := strconv.ParseFloat(fields[11], 64)
	system, _ := strconv.ParseFloat(fields[12], 64)
	return (user + system) / ticksPerSecond
}

func childrenByParent() map[int][]int {
	children := map[int][]int{}
	entries, err := os.ReadDir("/proc")
	if err != nil {
		return children
	}
	for _, entry := range entries {
		pid, err := strconv.Atoi(entry.Name())
		if err != nil {
			continue
		}
		if fields := stat(pid); len(fields) > 1 {
			parent, _ := strconv.Atoi(fields[1])
			children[parent] = append(children[parent], pid)
		}
	}
	return children
}

// stat has the fields from the third on; the second is a name that may hold anything.
func stat(pid int) []string {
	file, err := os.ReadFile(filepath.Join("/proc", strconv.Itoa(pid), "stat"))
	if err != nil {
		return nil
	}
	text := string(file)
	return strings.Fields(text[strings.LastIndexByte(text, ')')+1:])
}
