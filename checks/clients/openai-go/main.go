// Drives Penstock by OpenAI's own library for Go.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/openai/openai-go/v3"
	"github.com/openai/openai-go/v3/option"
	"github.com/openai/openai-go/v3/responses"
	"github.com/openai/openai-go/v3/shared"
	b "penstock.dev/checks/clients/harness/go"
)

var background = context.Background()

func client(given b.Case) *openai.Client {
	connection := openai.NewClient(option.WithBaseURL(given.URL+"/v1"), option.WithAPIKey("unused"))
	return &connection
}

func request(given b.Case) openai.ChatCompletionNewParams {
	var messages []openai.ChatCompletionMessageParamUnion
	if given.System != "" {
		messages = append(messages, openai.SystemMessage(given.System))
	}
	asked := openai.ChatCompletionNewParams{
		Model:    given.Model,
		Messages: append(messages, openai.UserMessage(given.Prompts[0])),
	}
	if given.Stop != nil {
		asked.Stop = openai.ChatCompletionNewParamsStopUnion{OfStringArray: given.Stop}
	}
	if given.MaxTokens > 0 {
		asked.MaxCompletionTokens = openai.Int(given.MaxTokens)
	}
	return asked
}

func sameUsage(usage openai.CompletionUsage, given b.Case) error {
	return b.First(
		b.Same("prompt tokens", usage.PromptTokens, given.Usage.Input),
		b.Same("answer tokens", usage.CompletionTokens, given.Usage.Output))
}

func complete(given b.Case, options ...option.RequestOption) error {
	answer, err := client(given).Chat.Completions.New(background, request(given), options...)
	if err != nil {
		return err
	}
	return b.First(
		b.Same("text", answer.Choices[0].Message.Content, given.Expected[0]),
		b.Same("finish", answer.Choices[0].FinishReason, given.Finish),
		sameUsage(answer.Usage, given))
}

func stream(given b.Case, options ...option.RequestOption) error {
	asked := request(given)
	asked.StreamOptions.IncludeUsage = openai.Bool(true)
	chunks := client(given).Chat.Completions.NewStreaming(background, asked, options...)
	whole := openai.ChatCompletionAccumulator{}
	for chunks.Next() {
		if !whole.AddChunk(chunks.Current()) {
			return errors.New("the accumulator refused a chunk")
		}
	}
	if err := chunks.Err(); err != nil {
		return err
	}
	return b.First(
		b.Same("text", whole.Choices[0].Message.Content, given.Expected[0]),
		b.Same("finish", whole.Choices[0].FinishReason, given.Finish),
		sameUsage(whole.Usage, given))
}

func multiTurn(given b.Case) error {
	var history []openai.ChatCompletionMessageParamUnion
	for turn, prompt := range given.Prompts {
		history = append(history, openai.UserMessage(prompt))
		asked := openai.ChatCompletionNewParams{Model: given.Model, Messages: history}
		answer, err := client(given).Chat.Completions.New(background, asked)
		if err != nil {
			return err
		}
		if err := b.Same("text", answer.Choices[0].Message.Content, given.Expected[turn]); err != nil {
			return err
		}
		history = append(history, answer.Choices[0].Message.ToParam())
	}
	return nil
}

func tools(given b.Case) error {
	asked := request(given)
	asked.Tools = []openai.ChatCompletionToolUnionParam{
		openai.ChatCompletionFunctionTool(shared.FunctionDefinitionParam{
			Name:        given.Tool.Name,
			Description: openai.String(given.Tool.Description),
			Parameters:  given.Tool.Parameters,
		}),
	}
	first, err := client(given).Chat.Completions.New(background, asked)
	if err != nil {
		return err
	}
	choice := first.Choices[0]
	if err := b.Same("finish", choice.FinishReason, "tool_calls"); err != nil {
		return err
	}
	call := choice.Message.ToolCalls[0]
	var arguments map[string]any
	if err := json.Unmarshal([]byte(call.Function.Arguments), &arguments); err != nil {
		return err
	}
	told := openai.ToolMessage(given.Tool.Result, call.ID)
	asked.Messages = append(asked.Messages, choice.Message.ToParam(), told)
	final, err := client(given).Chat.Completions.New(background, asked)
	if err != nil {
		return err
	}
	return b.First(
		b.Same("function", call.Function.Name, given.Tool.Name),
		b.Same("arguments", arguments, given.Arguments),
		b.Same("text", final.Choices[0].Message.Content, given.Expected[0]))
}

func structured(given b.Case) error {
	asked := request(given)
	asked.ResponseFormat.OfJSONSchema = &shared.ResponseFormatJSONSchemaParam{
		JSONSchema: shared.ResponseFormatJSONSchemaJSONSchemaParam{
			Name: "city", Schema: given.Schema, Strict: openai.Bool(true),
		},
	}
	answer, err := client(given).Chat.Completions.New(background, asked)
	if err != nil {
		return err
	}
	return b.SameJSON("document", answer.Choices[0].Message.Content, given.Expected[0])
}

func images(given b.Case) error {
	asked := request(given)
	url := openai.ChatCompletionContentPartImageImageURLParam{URL: "data:image/png;base64," + given.Image}
	parts := []openai.ChatCompletionContentPartUnionParam{
		openai.TextContentPart(given.Prompts[0]), openai.ImageContentPart(url),
	}
	asked.Messages = []openai.ChatCompletionMessageParamUnion{openai.UserMessage(parts)}
	answer, err := client(given).Chat.Completions.New(background, asked)
	if err != nil {
		return err
	}
	return b.Same("text", answer.Choices[0].Message.Content, given.Expected[0])
}

func embeddings(given b.Case) error {
	answer, err := client(given).Embeddings.New(background, openai.EmbeddingNewParams{
		Model: given.Model,
		Input: openai.EmbeddingNewParamsInputUnion{OfArrayOfStrings: given.Texts},
	})
	if err != nil {
		return err
	}
	if err := b.Same("vectors", len(answer.Data), len(given.Embeddings)); err != nil {
		return err
	}
	for i, expected := range given.Embeddings {
		if err := b.Near(answer.Data[i].Embedding, expected); err != nil {
			return err
		}
	}
	return nil
}

func completions(given b.Case) error {
	asked := openai.CompletionNewParams{
		Model:     openai.CompletionNewParamsModel(given.Model),
		Prompt:    openai.CompletionNewParamsPromptUnion{OfString: openai.String(given.Prompts[0])},
		MaxTokens: openai.Int(given.MaxTokens),
	}
	whole, err := client(given).Completions.New(background, asked)
	if err != nil {
		return err
	}
	pieces := client(given).Completions.NewStreaming(background, asked)
	var text strings.Builder
	for pieces.Next() {
		text.WriteString(pieces.Current().Choices[0].Text)
	}
	return b.First(
		pieces.Err(),
		b.Same("text", whole.Choices[0].Text, given.Expected[0]),
		b.Same("text in pieces", text.String(), given.Expected[0]),
		sameUsage(whole.Usage, given))
}

func unstored(given b.Case) error {
	asked := responses.ResponseNewParams{
		Model: given.Model,
		Input: responses.ResponseNewParamsInputUnion{OfString: openai.String(given.Prompts[0])},
		Store: openai.Bool(false),
	}
	connection := client(given)
	whole, err := connection.Responses.New(background, asked)
	if err != nil {
		return err
	}
	events := connection.Responses.NewStreaming(background, asked)
	var text strings.Builder
	for events.Next() {
		if event := events.Current(); event.Type == "response.output_text.delta" {
			text.WriteString(event.Delta)
		}
	}
	return b.First(
		events.Err(),
		b.Same("text", whole.OutputText(), given.Expected[0]),
		b.Same("text in pieces", text.String(), given.Expected[0]),
		b.Same("answer tokens", whole.Usage.OutputTokens, given.Usage.Output))
}

func models(given b.Case) error {
	pages := client(given).Models.ListAutoPaging(background)
	listed := false
	for pages.Next() {
		listed = listed || pages.Current().ID == given.Model
	}
	shown, err := client(given).Models.Get(background, given.Model)
	return b.First(pages.Err(), err, b.Same("listed", listed, true), b.Same("model", shown.ID, given.Model))
}

func refused(err error, status int, code string) error {
	var told *openai.Error
	if !errors.As(err, &told) {
		return fmt.Errorf("it is no error of the library's: %v", err)
	}
	return b.First(b.Same("status", told.StatusCode, status), b.Same("code", told.Code, code))
}

func badRequest(given b.Case) error {
	asked := request(given)
	asked.Temperature = openai.Float(9)
	_, err := client(given).Chat.Completions.New(background, asked)
	var told *openai.Error
	if !errors.As(err, &told) {
		return fmt.Errorf("it is no error of the library's: %v", err)
	}
	return b.First(b.Same("status", told.StatusCode, 400), b.Same("param", told.Param, "temperature"))
}

func abort(given b.Case) error {
	leaving, leave := context.WithCancel(background)
	defer leave()
	chunks := client(given).Chat.Completions.NewStreaming(leaving, request(given))
	text := ""
	for len(text) < len(given.Begins) && chunks.Next() {
		text += chunks.Current().Choices[0].Delta.Content
	}
	return b.Began(given, text, chunks.Err())
}

func abortWhole(given b.Case) error {
	leaving, leave := context.WithTimeout(background, 700*time.Millisecond)
	defer leave()
	_, err := client(given).Chat.Completions.New(leaving, request(given))
	return b.Same("left", errors.Is(err, context.DeadlineExceeded), true)
}

func timeoutRetry(given b.Case) (string, error) {
	timeout := option.WithRequestTimeout(time.Duration(given.TimeoutMs) * time.Millisecond)
	// It retries what a server refuses, but not after its own timeout.
	err := complete(given, timeout, option.WithMaxRetries(1))
	late := b.Same("late", errors.Is(err, context.DeadlineExceeded), true)
	return "asked again by hand", b.First(late, complete(given))
}

func refusedOnce(given b.Case) error {
	err := stream(given, option.WithMaxRetries(0))
	return b.First(refused(err, 429, "rate_limit_exceeded"), stream(given))
}

func broken(given b.Case) error {
	once := option.WithMaxRetries(0)
	chunks := client(given).Chat.Completions.NewStreaming(background, request(given), once)
	var text strings.Builder
	for chunks.Next() {
		for _, choice := range chunks.Current().Choices {
			text.WriteString(choice.Delta.Content)
		}
	}
	return b.Broke(given, text.String(), chunks.Err())
}

func plain(behaviour func(b.Case) error) b.Behaviour {
	return func(given b.Case) (string, error) { return "", behaviour(given) }
}

func main() {
	whole := plain(func(given b.Case) error { return complete(given) })
	streamed := plain(func(given b.Case) error { return stream(given) })
	says := func(status int, code string) b.Behaviour {
		return plain(func(given b.Case) error { return refused(complete(given), status, code) })
	}
	b.Run(map[string]b.Behaviour{
		"happy":                whole,
		"stream":               streamed,
		"multi-turn":           plain(multiTurn),
		"system":               whole,
		"stop":                 whole,
		"length":               streamed,
		"unicode":              streamed,
		"tools":                plain(tools),
		"structured":           plain(structured),
		"images":               plain(images),
		"embeddings":           plain(embeddings),
		"completions":          plain(completions),
		"responses":            plain(unstored),
		"responses-stored":     plain(stored),
		"responses-resume":     plain(resume),
		"responses-background": plain(inBackground),
		"conversations":        plain(converse),
		"models":               plain(models),
		"large-input":          whole,
		"unknown-model":        says(404, "model_not_found"),
		"bad-request":          plain(badRequest),
		"too-long":             says(400, "context_length_exceeded"),
		"too-large":            says(413, ""),
		"abort":                plain(abort),
		"abort-whole":          plain(abortWhole),
		"timeout-retry":        timeoutRetry,
		"slow-start":           streamed,
		"queue-full":           plain(refusedOnce),
		"midstream-error":      plain(broken),
		"truncation":           plain(broken),
		"reset":                plain(broken),
		"wire-merged":          streamed,
		"wire-bytes":           streamed,
		"wire-odd":             streamed,
		"wire-keep-alives":     streamed,
		"wire-reset":           plain(broken),
		"wire-closed":          plain(broken),
	}, nil)
}
