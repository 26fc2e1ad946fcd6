package stack

import (
	"context"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
)

// usedOf matches the serial collector's two generations in what jcmd tells.
var usedOf = regexp.MustCompile(`(?m)^ *(?:DefNew|Tenured) +total \d+K, used (\d+)K`)

// LiveHeaps is each JVM's heap after a full collection in KiB, by the process's name.
func (s *Stack) LiveHeaps(ctx context.Context) (map[string]int64, error) {
	java, err := findJava()
	if err != nil {
		return nil, err
	}
	jcmd := filepath.Join(filepath.Dir(java), "jcmd")
	heaps := map[string]int64{}
	s.mutex.Lock()
	defer s.mutex.Unlock()
	for _, p := range s.started {
		pid := strconv.Itoa(p.Pid())
		if err := exec.CommandContext(ctx, jcmd, pid, "GC.run").Run(); err != nil {
			return nil, err
		}
		told, err := exec.CommandContext(ctx, jcmd, pid, "GC.heap_info").Output()
		if err != nil {
			return nil, err
		}
		for _, found := range usedOf.FindAllSubmatch(told, -1) {
			kib, _ := strconv.ParseInt(string(found[1]), 10, 64)
			heaps[p.Name] += kib
		}
	}
	return heaps, nil
}
