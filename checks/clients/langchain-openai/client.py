"""Drives Penstock by LangChain's ChatOpenAI."""

import json

import openai
from behaviours import breaks, raises, run, same
from langchain_core.messages import AIMessage, HumanMessage, SystemMessage, ToolMessage
from langchain_openai import ChatOpenAI, OpenAI, OpenAIEmbeddings


def where(case):
    return {"model": case["model"], "base_url": case["url"] + "/v1", "api_key": "unused"}


def chat(case, **options):
    if "stop" in case:
        options["stop_sequences"] = case["stop"]
    if "max_tokens" in case:
        options["max_tokens"] = case["max_tokens"]
    return ChatOpenAI(**where(case) | {"stream_usage": True} | options)


def messages(case):
    head = [SystemMessage(case["system"])] if case.get("system") else []
    return [*head, HumanMessage(case["prompts"][0])]


def same_end(answer, case):
    same(answer.response_metadata["finish_reason"], case["finish"], "finish")
    same(answer.usage_metadata["input_tokens"], case["usage"]["input"], "prompt tokens")
    same(answer.usage_metadata["output_tokens"], case["usage"]["output"], "answer tokens")


def complete(case, **options):
    answer = chat(case, **options).invoke(messages(case))
    same(answer.content, case["expected"][0])
    same_end(answer, case)


def stream(case, **options):
    whole = None
    for chunk in chat(case, **options).stream(messages(case)):
        whole = chunk if whole is None else whole + chunk
    same(whole.content, case["expected"][0])
    same_end(whole, case)


def multi_turn(case):
    history = []
    for prompt, expected in zip(case["prompts"], case["expected"]):
        history.append(HumanMessage(prompt))
        answer = chat(case).invoke(history)
        same(answer.content, expected)
        history.append(AIMessage(answer.content))


def tools(case):
    tool = {k: case["tool"][k] for k in ("name", "description", "parameters")}
    model = chat(case).bind_tools([{"type": "function", "function": tool}])
    asked = messages(case)
    answer = model.invoke(asked)
    (call,) = answer.tool_calls
    same((call["name"], call["args"]), (tool["name"], case["arguments"]), "call")
    asked += [answer, ToolMessage(case["tool"]["result"], tool_call_id=call["id"])]
    same(model.invoke(asked).content, case["expected"][0])


def structured(case):
    schema = {"title": "city"} | case["schema"]
    model = chat(case).with_structured_output(schema, method="json_schema")
    same(model.invoke(messages(case)), json.loads(case["expected"][0]))


def images(case):
    picture = {"type": "image", "base64": case["image"], "mime_type": "image/png"}
    content = [{"type": "text", "text": case["prompts"][0]}, picture]
    same(chat(case).invoke([HumanMessage(content)]).content, case["expected"][0])


def embeddings(case):
    # It would else send numbers of OpenAI's own tokenizer instead of the text.
    model = OpenAIEmbeddings(check_embedding_ctx_length=False, **where(case))
    for seen, expected in zip(model.embed_documents(case["texts"]), case["embeddings"], strict=True):
        if max(abs(a - b) for a, b in zip(seen, expected, strict=True)) > 1e-6:
            raise AssertionError("other numbers than the model server's")


def completions(case):
    model = OpenAI(max_tokens=case["max_tokens"], **where(case))
    same(model.invoke(case["prompts"][0]), case["expected"][0])
    same("".join(model.stream(case["prompts"][0])), case["expected"][0])


def responses(case):
    model = ChatOpenAI(use_responses_api=True, store=False, **where(case))
    same(model.invoke(messages(case)).text, case["expected"][0])
    same("".join(chunk.text for chunk in model.stream(messages(case))), case["expected"][0])


def stored(case):
    model = ChatOpenAI(use_responses_api=True, use_previous_response_id=True, **where(case))
    (first, then, last), expected = case["prompts"], case["expected"]
    history = [HumanMessage(first), AIMessage(expected[0]), HumanMessage(then)]
    answer = model.invoke(history)
    same(answer.text, expected[1])
    same(answer.response_metadata["id"][:5], "resp_", "what it goes on from")
    same(model.invoke([*history, answer, HumanMessage(last)]).text, expected[2])


def refused(kind, code, **options):
    def behaviour(case):
        error = raises(kind, lambda: complete(case, **options))
        same(error.code or error.status_code, code, "code")

    return behaviour


def bad_request(case):
    error = raises(openai.BadRequestError, lambda: complete(case, temperature=9))
    same(error.param, "temperature", "param")


def abort(case):
    chunks = chat(case).stream(messages(case))
    text = ""
    while len(text) < len(case["begins"]):
        text += next(chunks).content
    chunks.close()
    same(text[: len(case["begins"])], case["begins"])


def abort_whole(case):
    raises(openai.APITimeoutError, lambda: complete(case, timeout=0.7, max_retries=0))


def timeout_retry(case):
    complete(case, timeout=case["timeout_ms"] / 1000, max_retries=1)


def refused_once(case):
    raises(openai.RateLimitError, lambda: stream(case, max_retries=0))
    stream(case)


def broken(case):
    chunks = chat(case, max_retries=0).stream(messages(case))
    return breaks(case, (chunk.content for chunk in chunks), openai.APIError)


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
        "responses-resume": "LangChain does not resume",
        "responses-background": "LangChain does not wait for what it left",
        "conversations": "LangChain does not manage them",
        "models": "LangChain does not list models",
        "large-input": complete,
        "unknown-model": refused(openai.NotFoundError, "model_not_found"),
        "bad-request": bad_request,
        "too-long": refused(openai.BadRequestError, "context_length_exceeded"),
        "too-large": refused(openai.APIStatusError, 413),
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
