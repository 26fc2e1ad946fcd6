"""Drives Penstock by Google's Gen AI library for Python."""

import base64
import json

from behaviours import breaks, raises, run, same
from google import genai
from google.genai import errors, types


# A client that nobody holds closes its connections, even under a stream.
clients = []


def client(case, **options):
    clients.append(
        genai.Client(
            api_key="unused", http_options=types.HttpOptions(base_url=case["url"], **options)
        )
    )
    return clients[-1]


def config(case, **more):
    return types.GenerateContentConfig(
        system_instruction=case.get("system"),
        stop_sequences=case.get("stop"),
        max_output_tokens=case.get("max_tokens"),
        automatic_function_calling=types.AutomaticFunctionCallingConfig(disable=True),
        **more,
    )


def request(case, **more):
    return {
        "model": case["model"],
        "contents": case["prompts"][0],
        "config": config(case, **more),
    }


FINISHES = {"stop": "STOP", "length": "MAX_TOKENS"}


def same_end(answer, case):
    same(answer.candidates[0].finish_reason.value, FINISHES[case["finish"]], "finish")
    same(answer.usage_metadata.prompt_token_count, case["usage"]["input"], "prompt tokens")
    same(answer.usage_metadata.candidates_token_count, case["usage"]["output"], "answer tokens")


def complete(case, **how):
    answer = client(case, **how).models.generate_content(**request(case))
    same(answer.text, case["expected"][0])
    same_end(answer, case)


def stream(case, **how):
    text, last = "", None
    for last in client(case, **how).models.generate_content_stream(**request(case)):
        text += last.text
    same(text, case["expected"][0])
    same_end(last, case)


def multi_turn(case):
    chat = client(case).chats.create(model=case["model"])
    for prompt, expected in zip(case["prompts"], case["expected"]):
        # Each chunk becomes an entry of the history, which must come back as one answer.
        same("".join(chunk.text for chunk in chat.send_message_stream(prompt)), expected)


def tools(case):
    tool = case["tool"]
    declared = types.FunctionDeclaration(
        name=tool["name"],
        description=tool["description"],
        parameters_json_schema=tool["parameters"],
    )
    offered = config(case, tools=[types.Tool(function_declarations=[declared])])
    chat = client(case).chats.create(model=case["model"], config=offered)
    (call,) = chat.send_message(case["prompts"][0]).function_calls
    same(call.name, tool["name"], "function")
    same(call.args, case["arguments"], "arguments")
    result = types.Part.from_function_response(name=call.name, response=json.loads(tool["result"]))
    same(chat.send_message(result).text, case["expected"][0])


def structured(case):
    form = {"response_mime_type": "application/json", "response_json_schema": case["schema"]}
    answer = client(case).models.generate_content(**request(case, **form))
    same(json.loads(answer.text), json.loads(case["expected"][0]))


def images(case):
    picture = types.Part.from_bytes(data=base64.b64decode(case["image"]), mime_type="image/png")
    asked = request(case) | {"contents": [case["prompts"][0], picture]}
    same(client(case).models.generate_content(**asked).text, case["expected"][0])


def count(case):
    counted = client(case).models.count_tokens(model=case["model"], contents=case["prompts"][0])
    same(counted.total_tokens, case["usage"]["input"], "tokens")


def models(case):
    name = "models/" + case["model"]
    listed = [model.name for model in client(case).models.list()]
    if name not in listed:
        raise AssertionError(f"{name} is not in {listed}")
    same(client(case).models.get(model=case["model"]).name, name, "model")


def refused(code, status):
    def behaviour(case):
        error = raises(errors.ClientError, lambda: complete(case))
        same((error.code, error.status), (code, status), "error")

    return behaviour


def bad_request(case):
    def ask():
        return client(case).models.generate_content(**request(case, candidate_count=2))

    same(raises(errors.ClientError, ask).status, "INVALID_ARGUMENT", "status")


def abort(case):
    chunks = client(case).models.generate_content_stream(**request(case))
    text = ""
    while len(text) < len(case["begins"]):
        text += next(chunks).text
    chunks.close()
    same(text[: len(case["begins"])], case["begins"])


def abort_whole(case):
    return type(raises(Exception, lambda: complete(case, timeout=700), "timed out")).__name__


def timeout_retry(case):
    # The library does not ask again by itself unless told, and then not after its own timeout.
    error = raises(Exception, lambda: complete(case, timeout=case["timeout_ms"]), "timed out")
    complete(case)
    return type(error).__name__ + ", asked again by hand"


def refused_once(case):
    error = raises(errors.ClientError, lambda: stream(case))
    same((error.code, error.status), (429, "RESOURCE_EXHAUSTED"), "error")
    complete(case, retry_options=types.HttpRetryOptions(attempts=5, initial_delay=0.5))


def broken(kinds):
    def behaviour(case):
        chunks = client(case).models.generate_content_stream(**request(case))
        return breaks(case, (chunk.text or "" for chunk in chunks), kinds)

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
        "count": count,
        "models": models,
        "large-input": complete,
        "unknown-model": refused(404, "NOT_FOUND"),
        "bad-request": bad_request,
        "too-long": refused(400, "OUT_OF_RANGE"),
        "too-large": refused(400, "INVALID_ARGUMENT"),
        "abort": abort,
        "abort-whole": abort_whole,
        "timeout-retry": timeout_retry,
        "slow-start": stream,
        "queue-full": refused_once,
        "midstream-error": broken(errors.APIError),
        "truncation": broken(errors.APIError),
        "reset": broken(errors.APIError),
        "wire-merged": stream,
        "wire-bytes": stream,
        "wire-odd": stream,
        "wire-reset": broken(Exception),
        "wire-closed": broken(Exception),
    }
)
