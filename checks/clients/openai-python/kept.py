"""What Penstock keeps for a client: responses and conversations."""

import time

import openai
from behaviours import raises, same

WITHIN_SECONDS = 20
LIVE = ("queued", "in_progress")


def turns(case, count):
    """The first messages of the case's conversation."""
    roles = ("user", "assistant")
    said = [text for pair in zip(case["prompts"], case["expected"]) for text in pair]
    return [{"role": roles[at % 2], "content": text} for at, text in enumerate(said[:count])]


def texts(items):
    return [item.content[0].text for item in items]


def stored(client, case):
    given = turns(case, 3)
    first = client.responses.create(model=case["model"], input=given, metadata={"of": "first"})
    same(first.output_text, case["expected"][1])
    second = client.responses.create(
        model=case["model"], input=case["prompts"][2], previous_response_id=first.id
    )
    same(second.output_text, case["expected"][2])
    same(second.previous_response_id, first.id, "previous response")
    shown = client.responses.retrieve(first.id)
    same((shown.output_text, shown.metadata), (case["expected"][1], {"of": "first"}))
    for order, step in (("asc", 1), ("desc", -1)):
        pages = client.responses.input_items.list(first.id, limit=2, order=order)
        same(texts(pages), [message["content"] for message in given][::step], "input items")
    client.responses.delete(first.id)
    raises(openai.NotFoundError, lambda: client.responses.retrieve(first.id))


def resume(client, case):
    asked = {"model": case["model"], "input": case["prompts"][0], "background": True}
    events = []
    with client.responses.create(stream=True, **asked) as stream:
        for event in stream:
            events.append(event)
            if len(events) == case["leave_after"]:
                break
    kept, last = events[0].response.id, events[-1].sequence_number
    events += client.responses.retrieve(kept, stream=True, starting_after=last)
    with client.responses.stream(response_id=kept, starting_after=last) as helper:
        helped = [event.sequence_number for event in helper]
        same(helper.get_final_response().output_text, case["expected"][0], "the helper's text")
    numbers = [event.sequence_number for event in events]
    same(numbers, list(range(len(numbers))), "numbers")
    same(helped, numbers[last + 1 :], "the helper's numbers")
    deltas = [event.delta for event in events if event.type == "response.output_text.delta"]
    same("".join(deltas), case["expected"][0])
    same(events[-1].response.output_text, case["expected"][0], "the last event's text")


def background(client, case):
    short, long = case["prompts"]
    waited = client.responses.create(model=case["model"], input=short, background=True)
    limit = time.monotonic() + WITHIN_SECONDS
    while waited.status in LIVE and time.monotonic() < limit:
        time.sleep(0.1)
        waited = client.responses.retrieve(waited.id)
    same((waited.status, waited.output_text), ("completed", case["expected"][0]))
    with client.responses.create(
        model=case["model"], input=long, background=True, stream=True
    ) as stream:
        left = next(stream).response.id
        next(event for event in stream if event.type == "response.output_text.delta")
    same(client.responses.retrieve(left).status, "in_progress", "status of what was left")
    same([client.responses.cancel(left).status for _ in range(2)], ["cancelled"] * 2, "statuses")


def conversations(client, case):
    conversation = client.conversations.create(items=turns(case, 2), metadata={"of": "three"})
    for turn in (1, 2):
        answer = client.responses.create(
            model=case["model"], input=case["prompts"][turn], conversation=conversation.id
        )
        same(answer.output_text, case["expected"][turn])
    same(client.conversations.retrieve(conversation.id).metadata, {"of": "three"}, "metadata")
    items = client.conversations.items

    def listed(order):
        return list(items.list(conversation.id, limit=2, order=order))

    said = [message["content"] for message in turns(case, 6)]
    forth = listed("asc")
    same(texts(forth), said, "items")
    same(texts(listed("desc")), said[::-1], "items backwards")
    shown = items.retrieve(forth[3].id, conversation_id=conversation.id)
    same((shown.role, texts([shown])), ("assistant", [said[3]]))
    items.delete(forth[3].id, conversation_id=conversation.id)
    same(texts(listed("asc")), said[:3] + said[4:], "items after one is deleted")
    same(client.conversations.delete(conversation.id).deleted, True, "deleted")
    raises(openai.NotFoundError, lambda: client.conversations.retrieve(conversation.id))
