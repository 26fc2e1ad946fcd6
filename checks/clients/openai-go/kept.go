package main

import (
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/openai/openai-go/v3"
	"github.com/openai/openai-go/v3/conversations"
	"github.com/openai/openai-go/v3/responses"
	"github.com/openai/openai-go/v3/shared"
	b "penstock.dev/checks/clients/harness/go"
)

// What Penstock keeps for a client: responses and conversations.

const within = 20 * time.Second

var orders = []string{"asc", "desc"}

// said is what the case's conversation begins with.
func said(given b.Case, count int) []string {
	var texts []string
	for turn, prompt := range given.Prompts {
		texts = append(texts, prompt, given.Expected[turn])
	}
	return texts[:count]
}

func turns(given b.Case, count int) []responses.ResponseInputItemUnionParam {
	roles := []responses.EasyInputMessageRole{"user", "assistant"}
	var items []responses.ResponseInputItemUnionParam
	for at, text := range said(given, count) {
		items = append(items, responses.ResponseInputItemParamOfMessage(text, roles[at%2]))
	}
	return items
}

func ask(given b.Case, input string) responses.ResponseNewParams {
	return responses.ResponseNewParams{
		Model: given.Model,
		Input: responses.ResponseNewParamsInputUnion{OfString: openai.String(input)},
	}
}

// text is that of an item's only part.
func text(raw string) string {
	var item struct{ Content []struct{ Text string } }
	if err := json.Unmarshal([]byte(raw), &item); err != nil || len(item.Content) != 1 {
		return "no message: " + raw
	}
	return item.Content[0].Text
}

func ordered(texts []string, order string) []string {
	copied := slices.Clone(texts)
	if order == "desc" {
		slices.Reverse(copied)
	}
	return copied
}

func absent(err error) error {
	var told *openai.Error
	if !errors.As(err, &told) {
		return errors.New("what was deleted is still there")
	}
	return b.Same("status", told.StatusCode, 404)
}

func stored(given b.Case) error {
	connection := client(given)
	asked := responses.ResponseNewParams{
		Model:    given.Model,
		Input:    responses.ResponseNewParamsInputUnion{OfInputItemList: turns(given, 3)},
		Metadata: shared.Metadata{"of": "first"},
	}
	first, err := connection.Responses.New(background, asked)
	if err != nil {
		return err
	}
	next := ask(given, given.Prompts[2])
	next.PreviousResponseID = openai.String(first.ID)
	second, err := connection.Responses.New(background, next)
	if err != nil {
		return err
	}
	shown, err := connection.Responses.Get(background, first.ID, responses.ResponseGetParams{})
	if err != nil {
		return err
	}
	if err := b.First(
		b.Same("text", first.OutputText(), given.Expected[1]),
		b.Same("text behind it", second.OutputText(), given.Expected[2]),
		b.Same("previous response", second.PreviousResponseID, first.ID),
		b.Same("text as it is kept", shown.OutputText(), given.Expected[1]),
		b.Same("metadata", shown.Metadata, asked.Metadata)); err != nil {
		return err
	}
	for _, order := range orders {
		pages := connection.Responses.InputItems.ListAutoPaging(background, first.ID,
			responses.InputItemListParams{Limit: openai.Int(2), Order: responses.InputItemListParamsOrder(order)})
		var listed []string
		for pages.Next() {
			item := pages.Current()
			listed = append(listed, text(item.RawJSON()))
		}
		same := b.Same("input items", listed, ordered(said(given, 3), order))
		if err := b.First(pages.Err(), same); err != nil {
			return err
		}
	}
	if err := connection.Responses.Delete(background, first.ID); err != nil {
		return err
	}
	_, err = connection.Responses.Get(background, first.ID, responses.ResponseGetParams{})
	return absent(err)
}

func resume(given b.Case) error {
	connection := client(given)
	asked := ask(given, given.Prompts[0])
	asked.Background = openai.Bool(true)
	events := connection.Responses.NewStreaming(background, asked)
	var id, whole string
	var deltas strings.Builder
	var numbers []int64
	take := func(event responses.ResponseStreamEventUnion) {
		numbers = append(numbers, event.SequenceNumber)
		switch event.Type {
		case "response.created":
			id = event.Response.ID
		case "response.output_text.delta":
			deltas.WriteString(event.Delta)
		case "response.completed":
			whole = event.Response.OutputText()
		}
	}
	for len(numbers) < given.LeaveAfter && events.Next() {
		take(events.Current())
	}
	if err := b.First(events.Err(), events.Close()); err != nil {
		return err
	}
	rest := connection.Responses.GetStreaming(background, id,
		responses.ResponseGetParams{StartingAfter: openai.Int(numbers[len(numbers)-1])})
	for rest.Next() {
		take(rest.Current())
	}
	counted := make([]int64, len(numbers))
	for i := range counted {
		counted[i] = int64(i)
	}
	return b.First(
		rest.Err(),
		b.Same("numbers", numbers, counted),
		b.Same("text in pieces", deltas.String(), given.Expected[0]),
		b.Same("the last event's text", whole, given.Expected[0]))
}

func inBackground(given b.Case) error {
	connection := client(given)
	asked := ask(given, given.Prompts[0])
	asked.Background = openai.Bool(true)
	waited, err := connection.Responses.New(background, asked)
	live := []responses.ResponseStatus{"queued", "in_progress"}
	for limit := time.Now().Add(within); err == nil && slices.Contains(live, waited.Status) && time.Now().Before(limit); {
		time.Sleep(100 * time.Millisecond)
		waited, err = connection.Responses.Get(background, waited.ID, responses.ResponseGetParams{})
	}
	if err != nil {
		return err
	}
	if err := b.First(
		b.Same("status", string(waited.Status), "completed"),
		b.Same("text", waited.OutputText(), given.Expected[0])); err != nil {
		return err
	}
	return cancelled(connection, given)
}

func cancelled(connection *openai.Client, given b.Case) error {
	asked := ask(given, given.Prompts[1])
	asked.Background = openai.Bool(true)
	events := connection.Responses.NewStreaming(background, asked)
	id := ""
	for events.Next() && events.Current().Type != "response.output_text.delta" {
		if id == "" {
			id = events.Current().Response.ID
		}
	}
	if err := b.First(events.Err(), events.Close()); err != nil {
		return err
	}
	left, err := connection.Responses.Get(background, id, responses.ResponseGetParams{})
	if err != nil {
		return err
	}
	if err := b.Same("status of what was left", string(left.Status), "in_progress"); err != nil {
		return err
	}
	for range 2 {
		seen, err := connection.Responses.Cancel(background, id)
		if err != nil {
			return err
		}
		if err := b.Same("status", string(seen.Status), "cancelled"); err != nil {
			return err
		}
	}
	return nil
}

func converse(given b.Case) error {
	connection := client(given)
	made, err := connection.Conversations.New(background, conversations.ConversationNewParams{
		Items: turns(given, 2), Metadata: shared.Metadata{"of": "three"},
	})
	if err != nil {
		return err
	}
	for turn := 1; turn < 3; turn++ {
		asked := ask(given, given.Prompts[turn])
		asked.Conversation.OfString = openai.String(made.ID)
		answer, err := connection.Responses.New(background, asked)
		if err != nil {
			return err
		}
		if err := b.Same("text", answer.OutputText(), given.Expected[turn]); err != nil {
			return err
		}
	}
	ids, err := listed(connection, made.ID, said(given, 6))
	if err != nil {
		return err
	}
	items := connection.Conversations.Items
	shown, err := items.Get(background, made.ID, ids[3], conversations.ItemGetParams{})
	if err != nil {
		return err
	}
	if err := b.First(
		b.Same("role", shown.Role, "assistant"),
		b.Same("item", text(shown.RawJSON()), given.Expected[1])); err != nil {
		return err
	}
	if _, err := items.Delete(background, made.ID, ids[3]); err != nil {
		return err
	}
	if _, err := listed(connection, made.ID, slices.Delete(said(given, 6), 3, 4)); err != nil {
		return err
	}
	gone, err := connection.Conversations.Delete(background, made.ID)
	if err != nil {
		return err
	}
	_, err = connection.Conversations.Get(background, made.ID)
	return b.First(b.Same("deleted", gone.Deleted, true), absent(err))
}

// listed are the items' ids, forth; it says so where their texts are others, forth or back.
func listed(connection *openai.Client, conversation string, expected []string) ([]string, error) {
	var ids []string
	for _, order := range orders {
		pages := connection.Conversations.Items.ListAutoPaging(background, conversation,
			conversations.ItemListParams{Limit: openai.Int(2), Order: conversations.ItemListParamsOrder(order)})
		var texts []string
		for pages.Next() {
			item := pages.Current()
			texts = append(texts, text(item.RawJSON()))
			if order == "asc" {
				ids = append(ids, item.ID)
			}
		}
		same := b.Same("items", texts, ordered(expected, order))
		if err := b.First(pages.Err(), same); err != nil {
			return nil, err
		}
	}
	return ids, nil
}
