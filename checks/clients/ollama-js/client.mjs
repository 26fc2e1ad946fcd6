// Drives Penstock by Ollama's own library for JavaScript.

import { Ollama } from "ollama";
import { breaks, eventually, leaves, near, rejects, run, same } from "./behaviours.mjs";

const client = (given, options = {}) => new Ollama({ host: given.url, ...options });

function messages(given) {
  const head = given.system ? [{ role: "system", content: given.system }] : [];
  return [...head, { role: "user", content: given.prompts[0] }];
}

const request = (given) => ({
  model: given.model,
  messages: messages(given),
  options: { stop: given.stop, num_predict: given.max_tokens },
});

function sameEnd(answer, given) {
  same(answer.done_reason, given.finish, "done_reason");
  same(answer.prompt_eval_count, given.usage.input, "prompt tokens");
  same(answer.eval_count, given.usage.output, "answer tokens");
}

async function complete(given, options) {
  const answer = await client(given, options).chat(request(given));
  same(answer.message.content, given.expected[0]);
  sameEnd(answer, given);
}

async function* texts(chunks) {
  for await (const chunk of chunks) {
    yield chunk.message.content;
  }
}

async function stream(given) {
  const chunks = await client(given).chat({ ...request(given), stream: true });
  let text = "";
  let last;
  for await (last of chunks) {
    text += last.message.content;
  }
  same(text, given.expected[0]);
  sameEnd(last, given);
}

async function multiTurn(given) {
  const history = [];
  for (const [turn, content] of given.prompts.entries()) {
    history.push({ role: "user", content });
    const answer = await client(given).chat({ model: given.model, messages: history });
    same(answer.message.content, given.expected[turn]);
    history.push(answer.message);
  }
}

async function tools(given) {
  const { name, description, parameters, result } = given.tool;
  const offered = [{ type: "function", function: { name, description, parameters } }];
  const asked = messages(given);
  const ask = () =>
    client(given).chat({ model: given.model, messages: asked, tools: offered, think: false });
  const { message } = await ask();
  const [call] = message.tool_calls;
  same(call.function.name, name, "function");
  same(call.function.arguments, given.arguments, "arguments");
  asked.push(message, { role: "tool", tool_name: name, content: result });
  same((await ask()).message.content, given.expected[0]);
}

async function structured(given) {
  const answer = await client(given).chat({ ...request(given), format: given.schema });
  same(JSON.parse(answer.message.content), JSON.parse(given.expected[0]));
}

async function images(given) {
  const asked = { role: "user", content: given.prompts[0], images: [given.image] };
  const answer = await client(given).chat({ model: given.model, messages: [asked] });
  same(answer.message.content, given.expected[0]);
}

async function embeddings(given) {
  const answer = await client(given).embed({ model: given.model, input: given.texts });
  same(answer.embeddings.length, given.embeddings.length, "vectors");
  answer.embeddings.forEach((seen, at) => near(seen, given.embeddings[at]));
}

async function completions(given) {
  const asked = { model: given.model, prompt: given.prompts[0] };
  const whole = await client(given).generate(asked);
  same(whole.response, given.expected[0]);
  sameEnd(whole, given);
  let text = "";
  for await (const piece of await client(given).generate({ ...asked, stream: true })) {
    text += piece.response;
  }
  same(text, given.expected[0]);
}

async function models(given) {
  const listed = (await client(given).list()).models.map((model) => model.model);
  if (!listed.includes(given.model)) {
    throw new Error(`${given.model} is not in ${listed}`);
  }
  const shown = await client(given).show({ model: given.model });
  if (!shown.capabilities.includes("completion")) {
    throw new Error("it cannot complete");
  }
  await client(given).ps();
}

const refused =
  (status, says, behaviour = complete) =>
  async (given) => {
    const error = await rejects(() => behaviour(given), (e) => e.name === "ResponseError");
    same(error.status_code, status, "status");
    if (!error.message.includes(says)) {
      throw new Error(`${says} is not in ${error.message}`);
    }
  };

const withTools = (given) =>
  client(given).chat({
    ...request(given),
    tools: [{ type: "function", function: { name: "f", parameters: { type: "object" } } }],
  });

async function abort(given) {
  const chunks = await client(given).chat({ ...request(given), stream: true });
  await leaves(given, texts(chunks), () => chunks.abort());
}

/** The library has no timeout; its users hand in a fetch that has one. */
const impatient = (ms) => ({
  fetch: (url, init) => fetch(url, { ...init, signal: AbortSignal.timeout(ms) }),
});

async function abortWhole(given) {
  return (await rejects(() => complete(given, impatient(700)), () => true)).name;
}

async function timeoutRetry(given) {
  const error = await rejects(() => complete(given, impatient(given.timeout_ms)), () => true);
  await complete(given);
  return `${error.name}, asked again by hand`;
}

async function refusedOnce(given) {
  await refused(503, "", stream)(given);
  await eventually(() => complete(given));
  return "asked again by hand";
}

const broken = async (given) =>
  breaks(given, texts(await client(given).chat({ ...request(given), stream: true })));

await run({
  happy: complete,
  stream,
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
  models,
  "large-input": complete,
  "unknown-model": refused(404, "model 'gemma-nope:1b' not found"),
  "bad-request": refused(400, "does not support tools", withTools),
  "too-long": refused(400, "context"),
  "too-large": refused(413, ""),
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
  "wire-reset": broken,
  "wire-closed": broken,
});
