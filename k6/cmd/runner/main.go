// Command runner runs one scenario: it starts what is to be tested unless it is told where that is,
// lets k6's users at it, watches the processes, and writes down what came of it.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"
	"time"
)

const usage = `Usage: k6/run SCENARIO [--url URL]... [--duration 5m] [--chats N] [--out DIR]

Scenarios:
%s
Options:
  --url URL       a gateway to test instead of processes of its own; may be repeated
  --duration D    like 30s, 5m or 1h
  --chats N       how many people
  --out DIR       for summary.json, summary.html and logs (default: k6/results/SCENARIO)

With --url, API_KEY and IDENTITY_TOKEN from the environment are sent along (see k6/lib/target.js).
`

// settings are what was typed.
type settings struct {
	scenario scenario
	urls     []string
	duration time.Duration
	chats    string
	out      string
	root     string
}

func main() {
	chosen, err := parse(os.Args[1:])
	if err != nil {
		fmt.Fprintf(os.Stderr, "k6/run: %v\n\n"+usage, err, list())
		os.Exit(2)
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	outcome, err := run(ctx, chosen)
	if err != nil {
		stop()
		fmt.Fprintf(os.Stderr, "k6/run: %v\n", err)
		os.Exit(1)
	}
	fmt.Print(outcome.Text())
	fmt.Printf("\n%s\n", filepath.Join(chosen.out, "summary.html"))
	if !outcome.OK() {
		stop()
		os.Exit(1)
	}
}

func parse(arguments []string) (settings, error) {
	binary, err := os.Executable()
	if err != nil {
		return settings{}, err
	}
	// k6/.cache/runner
	chosen := settings{root: filepath.Dir(filepath.Dir(filepath.Dir(binary)))}
	for len(arguments) > 0 {
		word := arguments[0]
		arguments = arguments[1:]
		if !strings.HasPrefix(word, "--") {
			found, known := find(word)
			if !known || chosen.scenario.name != "" {
				return settings{}, fmt.Errorf("does not know %q", word)
			}
			chosen.scenario = found
			continue
		}
		if len(arguments) == 0 {
			return settings{}, fmt.Errorf("%s needs a value", word)
		}
		value := arguments[0]
		arguments = arguments[1:]
		switch word {
		case "--url":
			chosen.urls = append(chosen.urls, strings.TrimRight(value, "/"))
		case "--duration":
			if chosen.duration, err = time.ParseDuration(value); err != nil {
				return settings{}, errors.New("--duration must be like 30s, 5m or 1h")
			}
		case "--chats":
			chosen.chats = value
		case "--out":
			chosen.out = value
		default:
			return settings{}, fmt.Errorf("does not know %s", word)
		}
	}
	return chosen.complete()
}

func (s settings) complete() (settings, error) {
	switch {
	case s.scenario.name == "":
		return settings{}, errors.New("needs a scenario")
	case s.scenario.name == "rehearsal" && len(s.urls) > 0:
		return settings{}, errors.New("rehearsal scales processes of its own")
	}
	if s.duration == 0 {
		s.duration = s.scenario.usual
	}
	if s.out == "" {
		s.out = filepath.Join(s.root, "k6", "results", s.scenario.name)
	}
	absolute, err := filepath.Abs(s.out)
	s.out = absolute
	return s, err
}
