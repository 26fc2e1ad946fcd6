package stack

import (
	"context"
	"fmt"
	"strconv"
	"strings"
)

// Model is what every simulator serves.
const Model = "gemma3:4b"

// Shape is what one scenario runs against.
type Shape struct {
	// Single is ./penstock, everything in one process.
	Single bool
	// Gateways and Simulators are how many of each; one session-service, one proxy.
	Gateways   int
	Simulators int
	// Slots of each simulator, and how many may wait for each slot.
	Slots        int
	QueuePerSlot int
	// TokensPerSecond of each answer.
	TokensPerSecond int
}

// Addresses are where the users go, and whom they ask what the model must say.
type Addresses struct {
	Gateways []string
	// Oracle is empty where nobody can know.
	Oracle string
}

// Simulator is the environment of a model server.
func (s Shape) Simulator() map[string]string {
	return map[string]string{
		"SIMULATOR_MODELS":                    Model,
		"SIMULATOR_LOAD_MS":                   "0",
		"SIMULATOR_PREFILL_TOKENS_PER_SECOND": "5000",
		"SIMULATOR_TOKENS_PER_SECOND":         strconv.Itoa(s.TokensPerSecond),
		"OLLAMA_NUM_PARALLEL":                 strconv.Itoa(s.Slots),
		"OLLAMA_CONTEXT_LENGTH":               "131072",
		"OLLAMA_KEEP_ALIVE":                   "-1",
	}
}

// oracle answers at once and never makes anybody wait.
func oracle() map[string]string {
	all := Shape{Slots: 512, TokensPerSecond: 1_000_000}.Simulator()
	all["SIMULATOR_PREFILL_TOKENS_PER_SECOND"] = "0"
	return all
}

// Proxy is the environment of an inference-proxy over these model servers.
func (s Shape) Proxy(upstreams ...string) map[string]string {
	return map[string]string{
		"OLLAMA_URL":              strings.Join(upstreams, ","),
		"OLLAMA_NUM_PARALLEL":     strconv.Itoa(s.Slots),
		"GEMMA_MODEL_NAME":        Model,
		"PENSTOCK_QUEUE_PER_SLOT": strconv.Itoa(s.QueuePerSlot),
	}
}

// Gateway is the environment of a gateway.
func (s Shape) Gateway(sessions, proxy string) map[string]string {
	return map[string]string{
		"SESSION_SERVICE_URL": sessions,
		"INFERENCE_PROXY_URL": proxy,
		"GEMMA_MODEL_NAME":    Model,
	}
}

// Start runs the shape.
func (s *Stack) Start(ctx context.Context, shape Shape) (Addresses, error) {
	if shape.Single {
		address, err := s.Everything(ctx, map[string]string{
			"OLLAMA_NUM_PARALLEL": strconv.Itoa(shape.Slots),
			// An Ollama that happens to run here is not what is to be measured.
			"OLLAMA_URL": "http://127.0.0.1:9",
		})
		return Addresses{Gateways: []string{address}}, err
	}
	oracle, err := s.Service(ctx, "oracle", "simulator", oracle())
	if err != nil {
		return Addresses{}, err
	}
	var simulators []string
	for n := range shape.Simulators {
		address, err := s.Service(ctx, fmt.Sprintf("simulator-%d", n+1), "simulator", shape.Simulator())
		if err != nil {
			return Addresses{}, err
		}
		simulators = append(simulators, address)
	}
	addresses := Addresses{Oracle: oracle}
	sessions, err := s.Sessions(ctx)
	if err != nil {
		return Addresses{}, err
	}
	proxy, err := s.Service(ctx, "inference-proxy", "inference-proxy", shape.Proxy(simulators...))
	if err != nil {
		return Addresses{}, err
	}
	for n := range shape.Gateways {
		address, err := s.Service(ctx, fmt.Sprintf("gateway-%d", n+1), "gateway", shape.Gateway(sessions, proxy))
		if err != nil {
			return Addresses{}, err
		}
		addresses.Gateways = append(addresses.Gateways, address)
	}
	return addresses, nil
}

// Sessions runs a session-service over a database of its own.
func (s *Stack) Sessions(ctx context.Context) (string, error) {
	database, err := s.Database(ctx)
	if err != nil {
		return "", err
	}
	return s.Service(ctx, "session-service", "session-service", map[string]string{"DATABASE_URL": database})
}

// OracleEnv is for those who start an oracle themselves.
func OracleEnv() map[string]string { return oracle() }
