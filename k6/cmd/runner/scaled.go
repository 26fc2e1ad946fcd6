package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"time"

	"penstock.dev/k6/processes"
	"penstock.dev/k6/rehearsal"
	"penstock.dev/k6/report"
	"penstock.dev/k6/stack"
)

// One minute of Cloud Run's averages is ten seconds here.
var clock = rehearsal.Clock{Window: 10 * time.Second, Drain: 20 * time.Second}

const lookEvery = 500 * time.Millisecond

// scaling are each service's limits.
type scaling struct {
	gateway, proxy, model rehearsal.Limits
	// slots that one proxy believes in, so that all of them together ask for what all GPUs have.
	slots int
}

// One GPU is always there, three are the most; a proxy of a pool knows half of their slots.
var rehearsed = scaling{
	gateway: rehearsal.Limits{Concurrency: 10, Target: 0.6, Min: 1, Max: 3, ColdStart: time.Second},
	proxy:   rehearsal.Limits{Concurrency: 12, Target: 0.6, Min: 1, Max: 2, ColdStart: time.Second},
	model:   rehearsal.Limits{Concurrency: 4, Target: 0.6, Min: 1, Max: 3, ColdStart: 4 * time.Second},
	slots:   6,
}

// Nothing but the model server scales, and that from nothing.
var fromZero = scaling{
	gateway: rehearsal.Limits{Concurrency: 80, Target: 0.6, Min: 1, Max: 1},
	proxy:   rehearsal.Limits{Concurrency: 80, Target: 0.6, Min: 1, Max: 1},
	model:   rehearsal.Limits{Concurrency: 4, Target: 0.6, Min: 0, Max: 1, ColdStart: 8 * time.Second},
	slots:   4,
}

// scaled runs the scenario's users against services under the autoscaler.
func scaled(ctx context.Context, chosen settings, s *stack.Stack, watch *processes.Watch, outcome *report.Outcome) error {
	limits := rehearsed
	if chosen.scenario.name == "scale-from-zero" {
		limits = fromZero
	}
	oracle, err := s.Service(ctx, "oracle", "simulator", stack.OracleEnv())
	if err != nil {
		return err
	}
	sessions, err := s.Sessions(ctx)
	if err != nil {
		return err
	}
	controller := rehearsal.NewController()
	scaling, stop := context.WithCancel(ctx)
	var services []*rehearsal.Service
	defer func() {
		stop()
		for at := len(services) - 1; at >= 0; at-- {
			services[at].End()
		}
	}()
	under := func(name, service string, l rehearsal.Limits, env map[string]string) (string, error) {
		launch := func(ctx context.Context, name string) (*processes.Process, string, error) {
			return s.Unowned(ctx, name, service, env)
		}
		one, err := rehearsal.NewService(name, l, clock, launch, watch, controller.Told)
		if err != nil {
			return "", err
		}
		services = append(services, one)
		controller.Add(one)
		return one.Address(), one.Begin(ctx)
	}
	model, err := under("model", "simulator", limits.model, chosen.scenario.shape.Simulator())
	if err != nil {
		return err
	}
	config, err := proxyFile(chosen.out, model, limits.slots)
	if err != nil {
		return err
	}
	proxy, err := under("proxy", "inference-proxy", limits.proxy, map[string]string{
		"PENSTOCK_CONFIG":         config,
		"GEMMA_MODEL_NAME":        stack.Model,
		"PENSTOCK_QUEUE_PER_SLOT": strconv.Itoa(chosen.scenario.shape.QueuePerSlot),
	})
	if err != nil {
		return err
	}
	gateway, err := under("gateway", "gateway", limits.gateway, chosen.scenario.shape.Gateway(sessions, proxy))
	if err != nil {
		return err
	}
	if chosen.scenario.name == "rehearsal" {
		go interrupt(scaling, services[len(services)-1], chosen.duration/2)
	}
	broken := make(chan error, 1)
	go func() { broken <- controller.Run(scaling, lookEvery) }()
	if err := users(ctx, chosen, stack.Addresses{Gateways: []string{gateway}, Oracle: oracle}, watch, outcome); err != nil {
		return err
	}
	if chosen.scenario.name == "rehearsal" {
		calm(ctx)
	}
	err = check(ctx, gateway, outcome)
	stop()
	course := controller.Course()
	outcome.Course = &course
	return errors.Join(err, <-broken)
}

// interrupt ends a gateway in the middle of the day, with readers on it.
func interrupt(ctx context.Context, gateways *rehearsal.Service, after time.Duration) {
	select {
	case <-ctx.Done():
		return
	case <-time.After(after):
	}
	for !gateways.Interrupt() {
		select {
		case <-ctx.Done():
			return
		case <-time.After(time.Second):
		}
	}
}

// calm is long enough for every service to be small again.
func calm(ctx context.Context) {
	select {
	case <-ctx.Done():
	case <-time.After(4*clock.Window + clock.Drain):
	}
}

// proxyFile has one address for all model servers, as Cloud Run's is, and the model by name, since
// there may be no server to ask what it has.
func proxyFile(folder, address string, slots int) (string, error) {
	path := filepath.Join(folder, "proxy.yaml")
	quoted, err := json.Marshal(address)
	if err != nil {
		return "", err
	}
	text := fmt.Sprintf(`upstreams:
  - {name: gpu, kind: ollama, url: %s, slots: %d, shared: true}
models:
  - {name: "%s", context_length: 131072, upstreams: [gpu], continues: true}
`, quoted, slots, stack.Model)
	return path, os.WriteFile(path, []byte(text), 0o644)
}
