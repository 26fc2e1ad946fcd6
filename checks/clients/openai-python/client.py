"""Drives Penstock by OpenAI's own library for Python."""

import json

import kept
import openai
from behaviours import breaks, raises, run, same


def client(case, **options):
    defaults = {"api_key": "unused", "base_url": case["url"] + "/v1"}
    return openai.OpenAI(**defaults | options)


def messages(case):
    system = case.get("system")
    head = [{"role": "system", "content": system}] if system else []
    return head + [{"role": "user", "content": case["prompts"][0]}]


def options(case):
    chosen = {"model": case["model"]}
    if "stop" in case:
        chosen["stop"] = case["stop"]
    if "max_tokens" in case:
        chosen["max_completion_tokens"] = case["max_tokens"]
    return chosen


def complete(case, **how):
    answer = client(case, **how).chat.completions.create(messages=messages(case), **options(case))
    same(answer.choices[0].message.content, case["expected"][0])
    same(answer.choices[0].finish_reason, case["finish"], "finish")
    same_usage(answer.usage, case)
    if not answer._request_id:
        raise AssertionError("no x-request-id")


def same_usage(usage, case):
    same(usage.prompt_tokens, case["usage"]["input"], "prompt tokens")
    same(usage.completion_tokens, case["usage"]["output"], "completion tokens")


def stream(case, **how):
    chunks = client(case, **how).chat.completions.create(
        messages=messages(case), stream=True, stream_options={"include_usage": True}, **options(case)
    )
    text, finish, usage = "", None, None
    for chunk in chunks:
        usage = chunk.usage or usage
        for choice in chunk.choices:
            text += choice.delta.content or ""
            finish = choice.finish_reason or finish
    same(text, case["expected"][0])
    same(finish, case["finish"], "finish")
    same_usage(usage, case)


def stream_by_helper(case):
    with client(case).chat.completions.stream(messages=messages(case), **options(case)) as events:
        final = events.get_final_completion()
    same(final.choices[0].message.content, case["expected"][0])
    stream(case)


def multi_turn(case):
    connection, history = client(case), []
    for prompt, expected in zip(case["prompts"], case["expected"]):
        history.append({"role": "user", "content": prompt})
        answer = connection.chat.completions.create(model=case["model"], messages=history)
        history.append(answer.choices[0].message.to_dict())
        same(answer.choices[0].message.content, expected)


def tools(case):
    tool = {k: case["tool"][k] for k in ("name", "description", "parameters")}
    offered = [{"type": "function", "function": tool}]
    asked = messages(case)
    connection = client(case)

    def ask():
        with connection.chat.completions.stream(
            model=case["model"], messages=asked, tools=offered
        ) as events:
            return events.get_final_completion().choices[0]

    first = ask()
    same(first.finish_reason, "tool_calls", "finish")
    (call,) = first.message.tool_calls
    same(call.function.name, tool["name"], "function")
    same(json.loads(call.function.arguments), case["arguments"], "arguments")
    asked.append(
        {"role": "assistant", "content": None, "tool_calls": [call.model_dump(include={"id", "type", "function"})]}
    )
    asked.append({"role": "tool", "tool_call_id": call.id, "content": case["tool"]["result"]})
    same(ask().message.content, case["expected"][0])


def structured(case):
    form = {"type": "json_schema", "json_schema": {"name": "city", "strict": True, "schema": case["schema"]}}
    answer = client(case).chat.completions.create(
        model=case["model"], messages=messages(case), response_format=form
    )
    same(json.loads(answer.choices[0].message.content), json.loads(case["expected"][0]))


def images(case):
    parts = [
        {"type": "text", "text": case["prompts"][0]},
        {"type": "image_url", "image_url": {"url": "data:image/png;base64," + case["image"]}},
    ]
    answer = client(case).chat.completions.create(
        model=case["model"], messages=[{"role": "user", "content": parts}]
    )
    same(answer.choices[0].message.content, case["expected"][0])


def embeddings(case):
    answer = client(case).embeddings.create(model=case["model"], input=case["texts"])
    for seen, expected in zip(answer.data, case["embeddings"], strict=True):
        if max(abs(a - b) for a, b in zip(seen.embedding, expected, strict=True)) > 1e-6:
            raise AssertionError("other numbers than the model server's")


def completions(case):
    asked = {"model": case["model"], "prompt": case["prompts"][0], "max_tokens": case["max_tokens"]}
    whole = client(case).completions.create(**asked)
    same(whole.choices[0].text, case["expected"][0])
    same_usage(whole.usage, case)
    pieces = client(case).completions.create(stream=True, **asked)
    same("".join(piece.choices[0].text for piece in pieces), case["expected"][0])


def responses(case):
    asked = {"model": case["model"], "input": case["prompts"][0], "store": False}
    whole = client(case).responses.create(**asked)
    same(whole.output_text, case["expected"][0])
    same(whole.usage.input_tokens, case["usage"]["input"], "input tokens")
    same(whole.usage.output_tokens, case["usage"]["output"], "output tokens")
    with client(case).responses.stream(**asked) as events:
        same(events.get_final_response().output_text, case["expected"][0])


def models(case):
    listed = [model.id for model in client(case).models.list()]
    if case["model"] not in listed:
        raise AssertionError(f"{case['model']} is not in {listed}")
    same(client(case).models.retrieve(case["model"]).id, case["model"], "model")


def unknown_model(case):
    error = raises(openai.NotFoundError, lambda: complete(case))
    same(error.code, "model_not_found", "code")


def bad_request(case):
    def ask():
        return client(case).chat.completions.create(
            model=case["model"], messages=messages(case), temperature=9
        )

    same(raises(openai.BadRequestError, ask).param, "temperature", "param")


def too_long(case):
    error = raises(openai.BadRequestError, lambda: complete(case))
    same(error.code, "context_length_exceeded", "code")


def too_large(case):
    error = raises(openai.APIStatusError, lambda: complete(case))
    same(error.status_code, 413, "status")


def abort(case):
    chunks = client(case).chat.completions.create(
        model=case["model"], messages=messages(case), stream=True
    )
    text = ""
    for chunk in chunks:
        text += chunk.choices[0].delta.content or ""
        if len(text) >= len(case["begins"]):
            break
    chunks.close()
    same(text[: len(case["begins"])], case["begins"])


def abort_whole(case):
    raises(openai.APITimeoutError, lambda: complete(case, timeout=0.7, max_retries=0))


def timeout_retry(case):
    complete(case, timeout=case["timeout_ms"] / 1000, max_retries=1)


def refused_once(case):
    error = raises(openai.RateLimitError, lambda: stream(case, max_retries=0))
    stream(case)
    return f"Retry-After {error.response.headers['retry-after']}"


def broken(case):
    chunks = client(case, max_retries=0).chat.completions.create(
        model=case["model"], messages=messages(case), stream=True
    )
    pieces = (choice.delta.content or "" for chunk in chunks for choice in chunk.choices)
    return breaks(case, pieces, openai.APIError)


run(
    {
        "happy": complete,
        "stream": stream_by_helper,
        "multi-turn": multi_turn,
        "system": complete,
        "stop": complete,
        "length": stream,
        "unicode": stream,
        "tools": tools,
        "structured": structured,
        "images": images,
        "embeddings": embeddings,
        "completions": completions,
        "responses": responses,
        "responses-stored": lambda case: kept.stored(client(case), case),
        "responses-resume": lambda case: kept.resume(client(case), case),
        "responses-background": lambda case: kept.background(client(case), case),
        "conversations": lambda case: kept.conversations(client(case), case),
        "models": models,
        "large-input": complete,
        "unknown-model": unknown_model,
        "bad-request": bad_request,
        "too-long": too_long,
        "too-large": too_large,
        "abort": abort,
        "abort-whole": abort_whole,
        "timeout-retry": timeout_retry,
        "slow-start": stream,
        "queue-full": refused_once,
        "midstream-error": broken,
        "truncation": broken,
        "reset": broken,
        "wire-merged": stream,
        "wire-bytes": stream,
        "wire-odd": stream,
        "wire-keep-alives": stream,
        "wire-reset": broken,
        "wire-closed": broken,
    }
)
