// Drives Penstock by OpenAI's own library for Node.

import OpenAI from "openai";
import { breaks, leaves, near, rejects, run, same } from "./behaviours.mjs";
import * as kept from "./kept.mjs";

const client = (given, options = {}) =>
  new OpenAI({ apiKey: "unused", baseURL: given.url + "/v1", ...options });

function messages(given) {
  const head = given.system ? [{ role: "system", content: given.system }] : [];
  return [...head, { role: "user", content: given.prompts[0] }];
}

const request = (given, more = {}) => ({
  model: given.model,
  messages: messages(given),
  stop: given.stop,
  max_completion_tokens: given.max_tokens,
  ...more,
});

function sameUsage(usage, given) {
  same(usage.prompt_tokens, given.usage.input, "prompt tokens");
  same(usage.completion_tokens, given.usage.output, "completion tokens");
}

async function complete(given, options) {
  const answer = await client(given, options).chat.completions.create(request(given));
  same(answer.choices[0].message.content, given.expected[0]);
  same(answer.choices[0].finish_reason, given.finish, "finish");
  sameUsage(answer.usage, given);
  if (!answer._request_id) {
    throw new Error("no x-request-id");
  }
}

const streamed = { stream: true, stream_options: { include_usage: true } };

async function stream(given, options) {
  const chunks = await client(given, options).chat.completions.create(request(given, streamed));
  let text = "";
  let finish, usage;
  for await (const chunk of chunks) {
    usage = chunk.usage ?? usage;
    for (const choice of chunk.choices) {
      text += choice.delta.content ?? "";
      finish = choice.finish_reason ?? finish;
    }
  }
  same(text, given.expected[0]);
  same(finish, given.finish, "finish");
  sameUsage(usage, given);
}

async function streamByHelper(given) {
  const helper = client(given).chat.completions.stream(request(given));
  same(await helper.finalContent(), given.expected[0]);
  await stream(given);
}

async function multiTurn(given) {
  const history = [];
  for (const [turn, content] of given.prompts.entries()) {
    history.push({ role: "user", content });
    const answer = await client(given).chat.completions.create({ model: given.model, messages: history });
    same(answer.choices[0].message.content, given.expected[turn]);
    history.push(answer.choices[0].message);
  }
}

async function tools(given) {
  const { name, description, parameters, result } = given.tool;
  const offered = [{ type: "function", function: { name, description, parameters } }];
  const asked = messages(given);
  const ask = () =>
    client(given)
      .chat.completions.stream({ model: given.model, messages: asked, tools: offered })
      .finalChatCompletion();
  const first = (await ask()).choices[0];
  same(first.finish_reason, "tool_calls", "finish");
  const [call] = first.message.tool_calls;
  same(call.function.name, name, "function");
  same(JSON.parse(call.function.arguments), given.arguments, "arguments");
  asked.push(first.message, { role: "tool", tool_call_id: call.id, content: result });
  same((await ask()).choices[0].message.content, given.expected[0]);
}

async function structured(given) {
  const json_schema = { name: "city", strict: true, schema: given.schema };
  const answer = await client(given).chat.completions.parse(
    request(given, { response_format: { type: "json_schema", json_schema } }),
  );
  same(JSON.parse(answer.choices[0].message.content), JSON.parse(given.expected[0]));
}

async function images(given) {
  const content = [
    { type: "text", text: given.prompts[0] },
    { type: "image_url", image_url: { url: "data:image/png;base64," + given.image } },
  ];
  const answer = await client(given).chat.completions.create({
    model: given.model,
    messages: [{ role: "user", content }],
  });
  same(answer.choices[0].message.content, given.expected[0]);
}

async function embeddings(given) {
  const answer = await client(given).embeddings.create({ model: given.model, input: given.texts });
  same(answer.data.length, given.embeddings.length, "vectors");
  answer.data.forEach((seen, at) => near(seen.embedding, given.embeddings[at]));
}

async function completions(given) {
  const asked = { model: given.model, prompt: given.prompts[0], max_tokens: given.max_tokens };
  const whole = await client(given).completions.create(asked);
  same(whole.choices[0].text, given.expected[0]);
  sameUsage(whole.usage, given);
  let text = "";
  for await (const piece of await client(given).completions.create({ ...asked, stream: true })) {
    text += piece.choices[0].text;
  }
  same(text, given.expected[0]);
}

async function responses(given) {
  const asked = { model: given.model, input: given.prompts[0], store: false };
  const whole = await client(given).responses.create(asked);
  same(whole.output_text, given.expected[0]);
  same(whole.usage.input_tokens, given.usage.input, "input tokens");
  const final = await client(given).responses.stream(asked).finalResponse();
  same(final.output_text, given.expected[0]);
  same(final.usage.output_tokens, given.usage.output, "output tokens");
}

async function models(given) {
  const listed = [];
  for await (const model of client(given).models.list()) {
    listed.push(model.id);
  }
  if (!listed.includes(given.model)) {
    throw new Error(`${given.model} is not in ${listed}`);
  }
  same((await client(given).models.retrieve(given.model)).id, given.model, "model");
}

async function unknownModel(given) {
  const error = await rejects(() => complete(given), (e) => e instanceof OpenAI.NotFoundError);
  same(error.code, "model_not_found", "code");
}

async function badRequest(given) {
  const ask = () => client(given).chat.completions.create(request(given, { temperature: 9 }));
  const error = await rejects(ask, (e) => e instanceof OpenAI.BadRequestError);
  same(error.param, "temperature", "param");
}

async function tooLong(given) {
  const error = await rejects(() => complete(given), (e) => e instanceof OpenAI.BadRequestError);
  same(error.code, "context_length_exceeded", "code");
}

const tooLarge = async (given) => void (await rejects(() => complete(given), (e) => e.status === 413));

async function* texts(chunks) {
  for await (const chunk of chunks) {
    yield chunk.choices[0]?.delta.content ?? "";
  }
}

async function abort(given) {
  const chunks = await client(given).chat.completions.create(request(given, { stream: true }));
  await leaves(given, texts(chunks), () => chunks.controller.abort());
}

async function abortWhole(given) {
  const signal = AbortSignal.timeout(700);
  const ask = () => client(given).chat.completions.create(request(given), { signal });
  await rejects(ask, (e) => e instanceof OpenAI.APIUserAbortError);
}

const timeoutRetry = (given) => complete(given, { timeout: given.timeout_ms, maxRetries: 1 });

async function refusedOnce(given) {
  const ask = () => stream(given, { maxRetries: 0 });
  const error = await rejects(ask, (e) => e instanceof OpenAI.RateLimitError);
  await stream(given);
  return `Retry-After ${error.headers.get("retry-after")}`;
}

async function broken(given) {
  const options = { maxRetries: 0 };
  const chunks = await client(given, options).chat.completions.create(request(given, { stream: true }));
  return breaks(given, texts(chunks));
}

await run({
  happy: complete,
  stream: streamByHelper,
  "multi-turn": multiTurn,
  system: complete,
  stop: complete,
  length: stream,
  unicode: stream,
  tools,
  structured,
  images,
  embeddings,
  completions,
  responses,
  "responses-stored": (given) => kept.stored(client(given), given),
  "responses-resume": (given) => kept.resume(client(given), given),
  "responses-background": (given) => kept.background(client(given), given),
  conversations: (given) => kept.conversations(client(given), given),
  models,
  "large-input": complete,
  "unknown-model": unknownModel,
  "bad-request": badRequest,
  "too-long": tooLong,
  "too-large": tooLarge,
  abort,
  "abort-whole": abortWhole,
  "timeout-retry": timeoutRetry,
  "slow-start": stream,
  "queue-full": refusedOnce,
  "midstream-error": broken,
  truncation: broken,
  reset: broken,
  "wire-merged": stream,
  "wire-bytes": stream,
  "wire-odd": stream,
  "wire-keep-alives": stream,
  "wire-reset": broken,
  "wire-closed": broken,
});
