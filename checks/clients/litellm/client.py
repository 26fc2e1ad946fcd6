"""Drives Penstock by LiteLLM, used as a client of OpenAI's API."""

import json
import os

# Its prices come with the package; it need not ask the network for newer ones.
os.environ["LITELLM_LOCAL_MODEL_COST_MAP"] = "True"

import litellm
from behaviours import breaks, raises, run, same

litellm.suppress_debug_info = True
litellm.telemetry = False


def where(case):
    return {
        "model": "openai/" + case["model"],
        "api_base": case["url"] + "/v1",
        "api_key": "unused",
    }


def messages(case):
    system = case.get("system")
    head = [{"role": "system", "content": system}] if system else []
    return head + [{"role": "user", "content": case["prompts"][0]}]


def request(case, **more):
    chosen = where(case) | {"messages": messages(case)}
    if "stop" in case:
        chosen["stop"] = case["stop"]
    if "max_tokens" in case:
        chosen["max_tokens"] = case["max_tokens"]
    return chosen | more


def same_usage(usage, case):
    same(usage.prompt_tokens, case["usage"]["input"], "prompt tokens")
    same(usage.completion_tokens, case["usage"]["output"], "answer tokens")


def complete(case, **more):
    answer = litellm.completion(**request(case, **more))
    same(answer.choices[0].message.content, case["expected"][0])
    same(answer.choices[0].finish_reason, case["finish"], "finish")
    same_usage(answer.usage, case)


def stream(case, **more):
    asked = request(case, stream=True, stream_options={"include_usage": True}, **more)
    text, finish, usage = "", None, None
    for chunk in litellm.completion(**asked):
        usage = getattr(chunk, "usage", None) or usage
        for choice in chunk.choices:
            text += choice.delta.content or ""
            finish = choice.finish_reason or finish
    same(text, case["expected"][0])
    same(finish, case["finish"], "finish")
    same_usage(usage, case)


def multi_turn(case):
    history = []
    for prompt, expected in zip(case["prompts"], case["expected"]):
        history.append({"role": "user", "content": prompt})
        answer = litellm.completion(messages=history, **where(case))
        same(answer.choices[0].message.content, expected)
        history.append(answer.choices[0].message)


def tools(case):
    tool = {k: case["tool"][k] for k in ("name", "description", "parameters")}
    offered = {"tools": [{"type": "function", "function": tool}]}
    first = litellm.completion(**request(case, **offered)).choices[0]
    same(first.finish_reason, "tool_calls", "finish")
    (call,) = first.message.tool_calls
    same(call.function.name, tool["name"], "function")
    same(json.loads(call.function.arguments), case["arguments"], "arguments")
    told = {"role": "tool", "tool_call_id": call.id, "content": case["tool"]["result"]}
    asked = request(case, **offered) | {"messages": [*messages(case), first.message, told]}
    same(litellm.completion(**asked).choices[0].message.content, case["expected"][0])


def structured(case):
    form = {"name": "city", "strict": True, "schema": case["schema"]}
    asked = request(case, response_format={"type": "json_schema", "json_schema": form})
    text = litellm.completion(**asked).choices[0].message.content
    same(json.loads(text), json.loads(case["expected"][0]))


def images(case):
    content = [
        {"type": "text", "text": case["prompts"][0]},
        {"type": "image_url", "image_url": {"url": "data:image/png;base64," + case["image"]}},
    ]
    asked = request(case) | {"messages": [{"role": "user", "content": content}]}
    same(litellm.completion(**asked).choices[0].message.content, case["expected"][0])


def embeddings(case):
    answer = litellm.embedding(input=case["texts"], **where(case))
    for seen, expected in zip(answer.data, case["embeddings"], strict=True):
        if max(abs(a - b) for a, b in zip(seen["embedding"], expected, strict=True)) > 1e-6:
            raise AssertionError("other numbers than the model server's")


def completions(case):
    asked = where(case) | {"model": "text-completion-openai/" + case["model"]}
    asked |= {"prompt": case["prompts"][0], "max_tokens": case["max_tokens"]}
    whole = litellm.text_completion(**asked)
    same(whole.choices[0].text, case["expected"][0])
    same_usage(whole.usage, case)


def responses(case):
    asked = where(case) | {"input": case["prompts"][0], "store": False}
    whole = litellm.responses(**asked)
    same(whole.output[0].content[0].text, case["expected"][0])
    same(whole.usage.input_tokens, case["usage"]["input"], "input tokens")
    text = ""
    for event in litellm.responses(stream=True, **asked):
        if event.type == "response.output_text.delta":
            text += event.delta
    same(text, case["expected"][0])


def stored(case):
    (first, then, last), expected = case["prompts"], case["expected"]
    said = [("user", first), ("assistant", expected[0]), ("user", then)]
    given = [{"role": role, "content": text} for role, text in said]
    answer = litellm.responses(input=given, **where(case))
    same(answer.output[0].content[0].text, expected[1])
    answer = litellm.responses(input=last, previous_response_id=answer.id, **where(case))
    same(answer.output[0].content[0].text, expected[2])


def refused(kind, says, **more):
    return lambda case: raises(kind, lambda: complete(case, **more), says) and None


def too_large(case):
    error = raises(Exception, lambda: complete(case))
    same(error.status_code, 413, "status")


def abort(case):
    chunks = litellm.completion(**request(case, stream=True))
    text = ""
    for chunk in chunks:
        text += chunk.choices[0].delta.content or ""
        if len(text) >= len(case["begins"]):
            break
    # Its own wrapper has no close; the stream of the library below it has.
    chunks.completion_stream.close()
    same(text[: len(case["begins"])], case["begins"])


def abort_whole(case):
    raises(litellm.Timeout, lambda: complete(case, timeout=0.7, max_retries=0))


def timeout_retry(case):
    complete(case, timeout=case["timeout_ms"] / 1000, max_retries=1)


def refused_once(case):
    raises(litellm.RateLimitError, lambda: stream(case, max_retries=0))
    stream(case, max_retries=2)


def broken(case):
    chunks = litellm.completion(**request(case, stream=True, max_retries=0))
    pieces = (choice.delta.content or "" for chunk in chunks for choice in chunk.choices)
    return breaks(case, pieces, Exception)


run(
    {
        "happy": complete,
        "stream": stream,
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
        "responses-stored": stored,
        "responses-resume": "LiteLLM does not resume",
        "responses-background": "shown by OpenAI's own libraries",
        "conversations": "LiteLLM does not manage them",
        "models": "LiteLLM lists models of its own configuration",
        "large-input": complete,
        "unknown-model": refused(litellm.NotFoundError, ""),
        "bad-request": refused(litellm.BadRequestError, "temperature", temperature=9),
        "too-long": refused(litellm.BadRequestError, ""),
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
