"""Drives Penstock by Ollama's own library for Python."""

import json

import httpx
import ollama
from behaviours import breaks, eventually, raises, run, same


def client(case, **options):
    return ollama.Client(host=case["url"], **options)


def messages(case):
    system = case.get("system")
    head = [{"role": "system", "content": system}] if system else []
    return head + [{"role": "user", "content": case["prompts"][0]}]


def request(case):
    options = {}
    if "stop" in case:
        options["stop"] = case["stop"]
    if "max_tokens" in case:
        options["num_predict"] = case["max_tokens"]
    return {"model": case["model"], "messages": messages(case), "options": options}


def same_end(answer, case):
    same(answer.done_reason, case["finish"], "done_reason")
    same(answer.prompt_eval_count, case["usage"]["input"], "prompt tokens")
    same(answer.eval_count, case["usage"]["output"], "answer tokens")


def complete(case, **how):
    answer = client(case, **how).chat(**request(case))
    same(answer.message.content, case["expected"][0])
    same_end(answer, case)


def stream(case, **how):
    text, last = "", None
    for last in client(case, **how).chat(stream=True, **request(case)):
        text += last.message.content
    same(text, case["expected"][0])
    same_end(last, case)


def multi_turn(case):
    connection, history = client(case), []
    for prompt, expected in zip(case["prompts"], case["expected"]):
        history.append({"role": "user", "content": prompt})
        answer = connection.chat(model=case["model"], messages=history)
        same(answer.message.content, expected)
        history.append(answer.message)


def tools(case):
    tool = {k: case["tool"][k] for k in ("name", "description", "parameters")}
    asked = messages(case)
    offered = {"model": case["model"], "tools": [{"type": "function", "function": tool}], "think": False}
    answer = client(case).chat(messages=asked, **offered)
    (call,) = answer.message.tool_calls
    same(call.function.name, tool["name"], "function")
    same(call.function.arguments, case["arguments"], "arguments")
    asked += [
        answer.message,
        {"role": "tool", "tool_name": tool["name"], "content": case["tool"]["result"]},
    ]
    same(client(case).chat(messages=asked, **offered).message.content, case["expected"][0])


def structured(case):
    answer = client(case).chat(format=case["schema"], **request(case))
    same(json.loads(answer.message.content), json.loads(case["expected"][0]))


def images(case):
    asked = {"role": "user", "content": case["prompts"][0], "images": [case["image"]]}
    answer = client(case).chat(model=case["model"], messages=[asked])
    same(answer.message.content, case["expected"][0])


def embeddings(case):
    answer = client(case).embed(model=case["model"], input=case["texts"])
    for seen, expected in zip(answer.embeddings, case["embeddings"], strict=True):
        if max(abs(a - b) for a, b in zip(seen, expected, strict=True)) > 1e-6:
            raise AssertionError("other numbers than the model server's")


def completions(case):
    asked = {"model": case["model"], "prompt": case["prompts"][0]}
    whole = client(case).generate(**asked)
    same(whole.response, case["expected"][0])
    same_end(whole, case)
    pieces = client(case).generate(stream=True, **asked)
    same("".join(piece.response for piece in pieces), case["expected"][0])


def models(case):
    listed = [model.model for model in client(case).list().models]
    if case["model"] not in listed:
        raise AssertionError(f"{case['model']} is not in {listed}")
    if "completion" not in client(case).show(case["model"]).capabilities:
        raise AssertionError("it cannot complete")
    client(case).ps()


def refused(status, says, behaviour=complete):
    def ask(case):
        error = raises(ollama.ResponseError, lambda: behaviour(case), says)
        same(error.status_code, status, "status")

    return ask


def with_tools(case):
    tool = {"type": "function", "function": {"name": "f", "parameters": {"type": "object"}}}
    client(case).chat(tools=[tool], **request(case))


def abort(case):
    chunks = client(case).chat(stream=True, **request(case))
    text = ""
    while len(text) < len(case["begins"]):
        text += next(chunks).message.content
    chunks.close()
    same(text[: len(case["begins"])], case["begins"])


def abort_whole(case):
    raises(httpx.ReadTimeout, lambda: complete(case, timeout=0.7))


def timeout_retry(case):
    raises(httpx.ReadTimeout, lambda: complete(case, timeout=case["timeout_ms"] / 1000))
    complete(case)
    return "asked again by hand"


def refused_once(case):
    error = raises(ollama.ResponseError, lambda: stream(case))
    eventually(ollama.ResponseError, lambda: complete(case))
    same(error.status_code, 503, "status")
    return "asked again by hand"


def broken(kinds):
    def behaviour(case):
        chunks = client(case).chat(stream=True, **request(case))
        return breaks(case, (chunk.message.content for chunk in chunks), kinds)

    return behaviour


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
        "models": models,
        "large-input": complete,
        "unknown-model": refused(404, "model 'gemma-nope:1b' not found"),
        "bad-request": refused(400, "does not support tools", with_tools),
        "too-long": refused(400, "context"),
        "too-large": refused(413, ""),
        "abort": abort,
        "abort-whole": abort_whole,
        "timeout-retry": timeout_retry,
        "slow-start": stream,
        "queue-full": refused_once,
        "midstream-error": broken(ollama.ResponseError),
        "truncation": broken(ollama.ResponseError),
        "reset": broken(ollama.ResponseError),
        "wire-merged": stream,
        "wire-bytes": stream,
        "wire-odd": stream,
        "wire-reset": broken(httpx.HTTPError),
        "wire-closed": broken(httpx.HTTPError),
    }
)
