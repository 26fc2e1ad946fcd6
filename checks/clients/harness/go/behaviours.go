// Package behaviours is what the Go client programs have in common.
package behaviours

import (
	"encoding/json"
	"fmt"
	"math"
	"net/http"
	"os"
	"reflect"
	"strings"
	"time"
)

// Case is what a client is told; see runner/behaviours.py.
type Case struct {
	URL        string
	Model      string
	System     string
	Prompts    []string
	Expected   []string
	Begins     string
	Finish     string
	Usage      struct{ Input, Output int64 }
	Stop       []string
	MaxTokens  int64 `json:"max_tokens"`
	Image      string
	Schema     map[string]any
	Texts      []string
	Embeddings [][]float64
	Arguments  map[string]any
	TimeoutMs  int64 `json:"timeout_ms"`
	LeaveAfter int   `json:"leave_after"`
	Tool       struct {
		Name, Description, Result string
		Parameters                map[string]any
	}
}

// Behaviour answers with a remark, or with what went wrong.
type Behaviour func(Case) (string, error)

// Run runs what the referee asks for. A behaviour that is nil does not exist in the library, for
// the reason that absent has.
func Run(behaviours map[string]Behaviour, absent map[string]string) {
	var names []string
	if err := get("/behaviours", &names); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	for _, name := range names {
		status, detail := judge(name, behaviours[name], absent[name])
		line, _ := json.Marshal(map[string]string{"behaviour": name, "status": status, "detail": detail})
		fmt.Println(string(line))
	}
}

func judge(name string, behaviour Behaviour, absent string) (string, string) {
	if absent != "" {
		return "n/a", absent
	}
	if behaviour == nil {
		return "fail", "the client program does not have it"
	}
	var given Case
	if err := get("/cases/"+name, &given); err != nil {
		return "fail", err.Error()
	}
	remark, err := behaviour(given)
	if err != nil {
		return "fail", err.Error()
	}
	return "ok", remark
}

func get(path string, into any) error {
	answer, err := http.Get(os.Getenv("REFEREE_URL") + path)
	if err != nil {
		return err
	}
	defer answer.Body.Close()
	if answer.StatusCode != http.StatusOK {
		return fmt.Errorf("the referee answered %s", answer.Status)
	}
	return json.NewDecoder(answer.Body).Decode(into)
}

// Same says how the two differ.
func Same(what string, seen, expected any) error {
	if reflect.DeepEqual(seen, expected) {
		return nil
	}
	return fmt.Errorf("%s is %s, not %s", what, clip(seen), clip(expected))
}

func clip(value any) string {
	text := fmt.Sprintf("%#v", value)
	if len(text) <= 160 {
		return text
	}
	return fmt.Sprintf("%.100s… (%d bytes)", text, len(text))
}

// SameJSON compares documents.
func SameJSON(what, seen, expected string) error {
	var left, right any
	if err := json.Unmarshal([]byte(seen), &left); err != nil {
		return fmt.Errorf("%s: %w", what, err)
	}
	if err := json.Unmarshal([]byte(expected), &right); err != nil {
		return err
	}
	return Same(what, left, right)
}

// Near compares vectors.
func Near(seen, expected []float64) error {
	if len(seen) != len(expected) {
		return fmt.Errorf("%d numbers, not %d", len(seen), len(expected))
	}
	for i := range seen {
		if math.Abs(seen[i]-expected[i]) > 1e-6 {
			return fmt.Errorf("other numbers than the model server's")
		}
	}
	return nil
}

// First is the first of them that is no nil.
func First(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

// Broke is for a stream that must yield a beginning of the answer and then fail.
func Broke(given Case, text string, err error) error {
	if err == nil {
		return fmt.Errorf("the stream ended as if it were whole, after %s", clip(text))
	}
	if text == "" || !strings.HasPrefix(given.Expected[0], text) {
		return fmt.Errorf("before it broke came %s: %w", clip(text), err)
	}
	return nil
}

// Began is for a stream that was left.
func Began(given Case, text string, err error) error {
	if !strings.HasPrefix(text, given.Begins) {
		return fmt.Errorf("it began with %s: %v", clip(text), err)
	}
	return nil
}

// Eventually tries again while it fails, as a caller without a retry of its own would.
func Eventually(action func() error) error {
	limit := time.Now().Add(20 * time.Second)
	for {
		err := action()
		if err == nil || time.Now().After(limit) {
			return err
		}
		time.Sleep(500 * time.Millisecond)
	}
}
