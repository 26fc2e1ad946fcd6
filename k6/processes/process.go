// Package processes starts programs, watches what they cost, and ends what it started, by pid.
package processes

import (
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"time"
)

// stopLimit is how long a process has to end by itself, as on Cloud Run.
const stopLimit = 10 * time.Second

// Process is a program that was started and has not been stopped, or has.
type Process struct {
	Name string
	// Log is the file its output goes to.
	Log string

	command *exec.Cmd
	stdin   io.Closer
	exited  chan struct{}
}

// Command is what to start.
type Command struct {
	Name string
	Path string
	Args []string
	// Env is added to the environment of this process, from which settings of Penstock are taken out.
	Env map[string]string
	// Folder takes the log.
	Folder string
}

// Start starts it. Its standard input is a pipe that closes when this process ends, however it does.
func Start(c Command) (*Process, error) {
	log := filepath.Join(c.Folder, c.Name+".log")
	out, err := os.Create(log)
	if err != nil {
		return nil, err
	}
	defer func() { _ = out.Close() }()
	command := exec.Command(c.Path, c.Args...)
	command.Env = environment(c.Env)
	command.Stdout, command.Stderr = out, out
	stdin, err := command.StdinPipe()
	if err != nil {
		return nil, err
	}
	if err := command.Start(); err != nil {
		return nil, fmt.Errorf("%s did not start: %w", c.Name, err)
	}
	p := &Process{Name: c.Name, Log: log, command: command, stdin: stdin, exited: make(chan struct{})}
	go func() {
		_ = command.Wait()
		close(p.exited)
	}()
	return p, nil
}

// environment is ours without what would configure Penstock or its simulator behind our back.
func environment(own map[string]string) []string {
	var all []string
	for _, pair := range os.Environ() {
		name, _, _ := strings.Cut(pair, "=")
		if !foreign(name) {
			all = append(all, pair)
		}
	}
	for name, value := range own {
		all = append(all, name+"="+value)
	}
	return all
}

func foreign(name string) bool {
	for _, prefix := range []string{"PENSTOCK_", "SIMULATOR_", "OLLAMA_", "GEMMA_"} {
		if strings.HasPrefix(name, prefix) {
			return true
		}
	}
	return name == "PORT" || name == "HOST" || name == "DATABASE_URL"
}

// Pid is its process id.
func (p *Process) Pid() int { return p.command.Process.Pid }

// Exited is closed when it has ended.
func (p *Process) Exited() <-chan struct{} { return p.exited }

// Code is what it ended with: its exit status, or 128 and the signal.
func (p *Process) Code() int {
	<-p.exited
	if status, ok := p.command.ProcessState.Sys().(syscall.WaitStatus); ok && status.Signaled() {
		return 128 + int(status.Signal())
	}
	return p.command.ProcessState.ExitCode()
}

// Stop sends SIGTERM, and SIGKILL to what is still there ten seconds later; it tells whether that
// was needed.
func (p *Process) Stop() (killed bool) {
	_ = p.command.Process.Signal(syscall.SIGTERM)
	_ = p.stdin.Close()
	select {
	case <-p.exited:
		return false
	case <-time.After(stopLimit):
		_ = p.command.Process.Kill()
		<-p.exited
		return true
	}
}

// Await waits until ready says so.
func (p *Process) Await(ctx context.Context, limit time.Duration, ready func() bool) error {
	deadline := time.After(limit)
	for !ready() {
		select {
		case <-p.exited:
			return fmt.Errorf("%s ended with %d; it said:\n%s", p.Name, p.Code(), p.Tail())
		case <-deadline:
			return fmt.Errorf("%s was not ready within %v; it said:\n%s", p.Name, limit, p.Tail())
		case <-ctx.Done():
			return context.Cause(ctx)
		case <-time.After(50 * time.Millisecond):
		}
	}
	return nil
}

// Tail is the end of what it wrote.
func (p *Process) Tail() string {
	const most = 4000
	text, err := os.ReadFile(p.Log)
	if err != nil {
		return err.Error()
	}
	return string(text[max(0, len(text)-most):])
}
