package main

import (
	"slices"
	"strings"
	"time"

	"penstock.dev/k6/stack"
)

// scenario is what one word on the command line stands for.
type scenario struct {
	name  string
	says  string
	shape stack.Shape
	usual time.Duration
	// steadyMemory holds the services' memory at the end against that of the beginning.
	steadyMemory bool
	// kind of stack, where it is not the shape's own.
	scaled bool
}

var wide = stack.Shape{Gateways: 2, Simulators: 2, Slots: 128, QueuePerSlot: 10, TokensPerSecond: 30}

func narrow(queue int) stack.Shape {
	return stack.Shape{Gateways: 2, Simulators: 2, Slots: 16, QueuePerSlot: queue, TokensPerSecond: 30}
}

var scenarios = []scenario{
	{name: "smoke", says: "everything once or twice", shape: wide, usual: 30 * time.Second},
	{name: "load", says: "200 chats at once, with room for all", shape: wide, usual: 5 * time.Minute},
	{name: "stress", says: "more and more people, past saturation", shape: narrow(6), usual: 3 * time.Minute},
	{name: "spike", says: "ten times as many for half a minute", shape: narrow(2), usual: 3 * time.Minute},
	{name: "soak", says: "ordinary chats for long, memory watched", shape: wide, usual: 30 * time.Minute, steadyMemory: true},
	{name: "scale-from-zero", says: "no model server runs when the first people ask", shape: stack.Shape{Gateways: 2, Slots: 4, QueuePerSlot: 10, TokensPerSecond: 30}, usual: 2 * time.Minute, scaled: true},
	{name: "elasticity", says: "the load test of ADK's tutorial, against ./penstock", shape: stack.Shape{Single: true, Slots: 4}, usual: time.Minute},
	{name: "rehearsal", says: "gateways, proxies and model servers scaled as Cloud Run does", shape: stack.Shape{Slots: 4, QueuePerSlot: 10, TokensPerSecond: 30}, usual: 4 * time.Minute, scaled: true},
}

func find(name string) (scenario, bool) {
	at := slices.IndexFunc(scenarios, func(s scenario) bool { return s.name == name })
	if at < 0 {
		return scenario{}, false
	}
	return scenarios[at], true
}

func list() string {
	var text strings.Builder
	for _, s := range scenarios {
		text.WriteString("  " + s.name + strings.Repeat(" ", 17-len(s.name)) + s.says + " (" + s.usual.String() + ")\n")
	}
	return text.String()
}
