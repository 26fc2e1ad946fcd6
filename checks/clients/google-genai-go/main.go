// Drives Penstock by Google's Gen AI library for Go.
package main

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"google.golang.org/genai"
	b "penstock.dev/checks/clients/harness/go"
)

var background = context.Background()

func client(given b.Case, more func(*genai.HTTPOptions)) (*genai.Client, error) {
	options := genai.HTTPOptions{BaseURL: given.URL}
	if more != nil {
		more(&options)
	}
	return genai.NewClient(background, &genai.ClientConfig{
		APIKey: "unused", Backend: genai.BackendGeminiAPI, HTTPOptions: options,
	})
}

func config(given b.Case) *genai.GenerateContentConfig {
	chosen := &genai.GenerateContentConfig{
		StopSequences: given.Stop, MaxOutputTokens: int32(given.MaxTokens),
	}
	if given.System != "" {
		chosen.SystemInstruction = genai.NewContentFromText(given.System, genai.RoleUser)
	}
	return chosen
}

func ask(given b.Case, chosen *genai.GenerateContentConfig, more func(*genai.HTTPOptions)) (*genai.GenerateContentResponse, error) {
	connection, err := client(given, more)
	if err != nil {
		return nil, err
	}
	return connection.Models.GenerateContent(background, given.Model, genai.Text(given.Prompts[0]), chosen)
}

func sameEnd(given b.Case, answer *genai.GenerateContentResponse) error {
	finishes := map[string]genai.FinishReason{
		"stop": genai.FinishReasonStop, "length": genai.FinishReasonMaxTokens,
	}
	usage := answer.UsageMetadata
	return b.First(
		b.Same("finish", answer.Candidates[0].FinishReason, finishes[given.Finish]),
		b.Same("prompt tokens", int64(usage.PromptTokenCount), given.Usage.Input),
		b.Same("answer tokens", int64(usage.CandidatesTokenCount), given.Usage.Output))
}

func complete(given b.Case, more func(*genai.HTTPOptions)) error {
	answer, err := ask(given, config(given), more)
	if err != nil {
		return err
	}
	return b.First(b.Same("text", answer.Text(), given.Expected[0]), sameEnd(given, answer))
}

// read takes what comes until enough is there, and answers with the last chunk.
func read(ctx context.Context, given b.Case, enough int, text *strings.Builder) (*genai.GenerateContentResponse, error) {
	connection, err := client(given, nil)
	if err != nil {
		return nil, err
	}
	var last *genai.GenerateContentResponse
	chunks := connection.Models.GenerateContentStream(ctx, given.Model, genai.Text(given.Prompts[0]), config(given))
	for chunk, err := range chunks {
		if err != nil {
			return nil, err
		}
		last = chunk
		text.WriteString(chunk.Text())
		if enough > 0 && text.Len() >= enough {
			break
		}
	}
	return last, nil
}

func stream(given b.Case) error {
	var text strings.Builder
	last, err := read(background, given, 0, &text)
	if err != nil {
		return err
	}
	return b.First(b.Same("text", text.String(), given.Expected[0]), sameEnd(given, last))
}

func multiTurn(given b.Case) error {
	connection, err := client(given, nil)
	if err != nil {
		return err
	}
	chat, err := connection.Chats.Create(background, given.Model, nil, nil)
	if err != nil {
		return err
	}
	for turn, prompt := range given.Prompts {
		// Each chunk becomes an entry of the history, which must come back as one answer.
		var text strings.Builder
		for chunk, err := range chat.SendMessageStream(background, genai.Part{Text: prompt}) {
			if err != nil {
				return err
			}
			text.WriteString(chunk.Text())
		}
		if err := b.Same("text", text.String(), given.Expected[turn]); err != nil {
			return err
		}
	}
	return nil
}

func tools(given b.Case) error {
	connection, err := client(given, nil)
	if err != nil {
		return err
	}
	declared := &genai.FunctionDeclaration{
		Name: given.Tool.Name, Description: given.Tool.Description, ParametersJsonSchema: given.Tool.Parameters,
	}
	chosen := config(given)
	chosen.Tools = []*genai.Tool{{FunctionDeclarations: []*genai.FunctionDeclaration{declared}}}
	chat, err := connection.Chats.Create(background, given.Model, chosen, nil)
	if err != nil {
		return err
	}
	first, err := chat.SendMessage(background, genai.Part{Text: given.Prompts[0]})
	if err != nil {
		return err
	}
	call := first.FunctionCalls()[0]
	var result map[string]any
	if err := json.Unmarshal([]byte(given.Tool.Result), &result); err != nil {
		return err
	}
	final, err := chat.SendMessage(background, *genai.NewPartFromFunctionResponse(call.Name, result))
	if err != nil {
		return err
	}

	return b.First(
		b.Same("function", call.Name, given.Tool.Name),
		b.Same("arguments", call.Args, given.Arguments),
		b.Same("text", final.Text(), given.Expected[0]))
}

func structured(given b.Case) error {
	chosen := config(given)
	chosen.ResponseMIMEType = "application/json"
	chosen.ResponseJsonSchema = given.Schema
	answer, err := ask(given, chosen, nil)
	if err != nil {
		return err
	}
	return b.SameJSON("document", answer.Text(), given.Expected[0])
}

func images(given b.Case) error {
	connection, err := client(given, nil)
	if err != nil {
		return err
	}
	picture, err := base64.StdEncoding.DecodeString(given.Image)
	if err != nil {
		return err
	}
	parts := []*genai.Part{genai.NewPartFromText(given.Prompts[0]), genai.NewPartFromBytes(picture, "image/png")}
	contents := []*genai.Content{genai.NewContentFromParts(parts, genai.RoleUser)}
	answer, err := connection.Models.GenerateContent(background, given.Model, contents, nil)
	if err != nil {
		return err
	}
	return b.Same("text", answer.Text(), given.Expected[0])
}

func count(given b.Case) error {
	connection, err := client(given, nil)
	if err != nil {
		return err
	}
	counted, err := connection.Models.CountTokens(background, given.Model, genai.Text(given.Prompts[0]), nil)
	if err != nil {
		return err
	}
	return b.Same("tokens", int64(counted.TotalTokens), given.Usage.Input)
}

func models(given b.Case) error {
	connection, err := client(given, nil)
	if err != nil {
		return err
	}
	name, listed := "models/"+given.Model, false
	for model, err := range connection.Models.All(background) {
		if err != nil {
			return err
		}
		listed = listed || model.Name == name
	}
	shown, err := connection.Models.Get(background, given.Model, nil)
	if err != nil {
		return err
	}
	return b.First(b.Same("listed", listed, true), b.Same("model", shown.Name, name))
}

func refused(err error, code int, status string) error {
	var told genai.APIError
	if !errors.As(err, &told) {
		return fmt.Errorf("it is no error of the library's: %v", err)
	}
	return b.First(b.Same("code", told.Code, code), b.Same("status", told.Status, status))
}

func badRequest(given b.Case) error {
	chosen := config(given)
	chosen.CandidateCount = 2
	_, err := ask(given, chosen, nil)
	return refused(err, 400, "INVALID_ARGUMENT")
}

func abort(given b.Case) error {
	leaving, leave := context.WithCancel(background)
	defer leave()
	var text strings.Builder
	_, err := read(leaving, given, len(given.Begins), &text)
	return b.Began(given, text.String(), err)
}

func within(limit time.Duration) func(*genai.HTTPOptions) {
	return func(options *genai.HTTPOptions) { options.Timeout = &limit }
}

func abortWhole(given b.Case) error {
	err := complete(given, within(700*time.Millisecond))
	return b.Same("left", errors.Is(err, context.DeadlineExceeded), true)
}

func timeoutRetry(given b.Case) (string, error) {
	// The library does not ask again by itself unless told, and then not after its own timeout.
	err := complete(given, within(time.Duration(given.TimeoutMs)*time.Millisecond))
	late := b.Same("late", errors.Is(err, context.DeadlineExceeded), true)
	return "asked again by hand", b.First(late, complete(given, nil))
}

func refusedOnce(given b.Case) error {
	err := stream(given)
	again := complete(given, func(options *genai.HTTPOptions) {
		options.RetryOptions = &genai.HTTPRetryOptions{Attempts: genai.Ptr[int32](5)}
	})
	return b.First(refused(err, 429, "RESOURCE_EXHAUSTED"), again)
}

func broken(given b.Case) error {
	var text strings.Builder
	_, err := read(background, given, 0, &text)
	return b.Broke(given, text.String(), err)
}

func plain(behaviour func(b.Case) error) b.Behaviour {
	return func(given b.Case) (string, error) { return "", behaviour(given) }
}

func main() {
	whole := plain(func(given b.Case) error { return complete(given, nil) })
	says := func(code int, status string) b.Behaviour {
		return plain(func(given b.Case) error { return refused(complete(given, nil), code, status) })
	}
	b.Run(map[string]b.Behaviour{
		"happy":           whole,
		"stream":          plain(stream),
		"multi-turn":      plain(multiTurn),
		"system":          whole,
		"stop":            whole,
		"length":          plain(stream),
		"unicode":         plain(stream),
		"tools":           plain(tools),
		"structured":      plain(structured),
		"images":          plain(images),
		"count":           plain(count),
		"models":          plain(models),
		"large-input":     whole,
		"unknown-model":   says(404, "NOT_FOUND"),
		"bad-request":     plain(badRequest),
		"too-long":        says(400, "OUT_OF_RANGE"),
		"too-large":       says(400, "INVALID_ARGUMENT"),
		"abort":           plain(abort),
		"abort-whole":     plain(abortWhole),
		"timeout-retry":   timeoutRetry,
		"slow-start":      plain(stream),
		"queue-full":      plain(refusedOnce),
		"midstream-error": plain(broken),
		"truncation":      plain(broken),
		"reset":           plain(broken),
		"wire-merged":     plain(stream),
		"wire-bytes":      plain(stream),
		"wire-odd":        plain(stream),
		"wire-reset":      plain(broken),
		"wire-closed":     plain(broken),
	}, nil)
}
