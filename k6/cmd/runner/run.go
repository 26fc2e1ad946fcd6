package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"penstock.dev/k6/audit"
	"penstock.dev/k6/processes"
	"penstock.dev/k6/report"
	"penstock.dev/k6/stack"
)

const (
	sampleEvery = 5 * time.Second
	settleLimit = 60 * time.Second
)

// run does all of it; what it started is stopped when it returns.
func run(ctx context.Context, chosen settings) (*report.Outcome, error) {
	if err := os.RemoveAll(chosen.out); err != nil {
		return nil, err
	}
	if err := os.MkdirAll(chosen.out, 0o755); err != nil {
		return nil, err
	}
	watch := processes.NewWatch(sampleEvery)
	outcome := &report.Outcome{Scenario: chosen.scenario.name, Says: chosen.scenario.says, Began: time.Now()}
	err := test(ctx, chosen, watch, outcome)
	usage := watch.Stop()
	if err != nil {
		return nil, err
	}
	if len(chosen.urls) == 0 {
		outcome.Usage = usage
	}
	outcome.Seconds = time.Since(outcome.Began).Seconds()
	if chosen.scenario.steadyMemory {
		outcome.HoldMemory()
	}
	return outcome, outcome.Write(chosen.out)
}

func test(ctx context.Context, chosen settings, watch *processes.Watch, outcome *report.Outcome) error {
	if len(chosen.urls) > 0 {
		return users(ctx, chosen, stack.Addresses{Gateways: chosen.urls}, watch, outcome)
	}
	processes := stack.New(chosen.root, chosen.out, watch)
	processes.WholeHeap = chosen.scenario.steadyMemory
	defer processes.Stop()
	if err := processes.Build(ctx); err != nil {
		return fmt.Errorf("the build failed: %w", err)
	}
	if chosen.scenario.scaled {
		return scaled(ctx, chosen, processes, watch, outcome)
	}
	addresses, err := processes.Start(ctx, chosen.scenario.shape)
	if err != nil {
		return err
	}
	warm := make(chan heaps, 1)
	if chosen.scenario.steadyMemory {
		go func() { warm <- weigh(ctx, processes, chosen.duration/4) }()
	}
	if err := users(ctx, chosen, addresses, watch, outcome); err != nil {
		return err
	}
	if err := check(ctx, addresses.Gateways[0], outcome); err != nil {
		return err
	}
	if chosen.scenario.steadyMemory {
		first, last := <-warm, weigh(ctx, processes, 0)
		outcome.HeapWarm, outcome.HeapEnd = first.kib, last.kib
		return errors.Join(first.err, last.err)
	}
	return nil
}

// heaps are what weigh found.
type heaps struct {
	kib map[string]int64
	err error
}

func weigh(ctx context.Context, s *stack.Stack, after time.Duration) heaps {
	select {
	case <-ctx.Done():
		return heaps{err: ctx.Err()}
	case <-time.After(after):
	}
	kib, err := s.LiveHeaps(ctx)
	return heaps{kib, err}
}

func check(ctx context.Context, gateway string, outcome *report.Outcome) error {
	turns, err := audit.Settle(ctx, gateway, settleLimit)
	outcome.Audit = &turns
	return err
}

// users lets k6 run the scenario's script and takes its summary.
func users(ctx context.Context, chosen settings, at stack.Addresses, watch *processes.Watch, outcome *report.Outcome) error {
	scripts := filepath.Join(chosen.root, "k6")
	summary := filepath.Join(chosen.out, "k6.json")
	command := exec.CommandContext(ctx, filepath.Join(scripts, ".cache", "k6"), "run",
		"--quiet", "--no-usage-report", "--address", "",
		filepath.Join(scripts, "scenarios", chosen.scenario.name+".js"))
	// k6 writes its summary after a first interrupt, too.
	command.Cancel = func() error { return command.Process.Signal(syscall.SIGINT) }
	command.WaitDelay = 30 * time.Second
	command.Env = append(os.Environ(),
		"URLS="+strings.Join(at.Gateways, ","),
		"SUMMARY="+summary,
		"DURATION="+fmt.Sprintf("%gs", chosen.duration.Seconds()))
	if chosen.chats != "" {
		command.Env = append(command.Env, "CHATS="+chosen.chats)
	}
	if at.Oracle != "" {
		command.Env = append(command.Env, "ORACLE_URL="+at.Oracle, "MODEL="+stack.Model)
	}
	log, err := os.Create(filepath.Join(chosen.out, "k6.log"))
	if err != nil {
		return err
	}
	defer func() { _ = log.Close() }()
	command.Stdout, command.Stderr = log, log
	if err := command.Start(); err != nil {
		return err
	}
	watch.Add("k6", command.Process.Pid)
	ended := command.Wait()
	var exit *exec.ExitError
	if ended != nil && !errors.As(ended, &exit) {
		return ended
	}
	text, err := os.ReadFile(summary)
	if err != nil {
		return fmt.Errorf("k6 wrote no summary (%v); it said:\n%s", ended, tail(log.Name()))
	}
	if err := json.Unmarshal(text, &outcome.K6); err != nil {
		return err
	}
	outcome.Complaints = complaints(log.Name())
	if ended != nil {
		outcome.Exit = exit.ExitCode()
	}
	return nil
}

func tail(path string) string {
	const most = 4000
	text, err := os.ReadFile(path)
	if err != nil {
		return err.Error()
	}
	return string(text[max(0, len(text)-most):])
}

// complaints are the first lines in which the scripts or k6 say what is wrong.
func complaints(path string) []string {
	const most = 20
	text, err := os.ReadFile(path)
	if err != nil {
		return []string{err.Error()}
	}
	var found []string
	for line := range strings.Lines(string(text)) {
		if strings.Contains(line, "level=error") || strings.HasPrefix(line, "ERRO") {
			if found = append(found, strings.TrimSpace(line)); len(found) == most {
				break
			}
		}
	}
	return found
}
