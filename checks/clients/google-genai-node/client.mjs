// Drives Penstock by Google's Gen AI library for Node.

import { ApiError, GoogleGenAI } from "@google/genai";
import { breaks, leaves, rejects, run, same } from "./behaviours.mjs";

const client = (given, options = {}) =>
  new GoogleGenAI({ apiKey: "unused", httpOptions: { baseUrl: given.url, ...options } });

const request = (given, more = {}) => ({
  model: given.model,
  contents: given.prompts[0],
  config: {
    systemInstruction: given.system ?? undefined,
    stopSequences: given.stop,
    maxOutputTokens: given.max_tokens,
    ...more,
  },
});

const FINISHES = { stop: "STOP", length: "MAX_TOKENS" };

function sameEnd(answer, given) {
  same(answer.candidates[0].finishReason, FINISHES[given.finish], "finish");
  same(answer.usageMetadata.promptTokenCount, given.usage.input, "prompt tokens");
  same(answer.usageMetadata.candidatesTokenCount, given.usage.output, "answer tokens");
}

async function complete(given, options) {
  const answer = await client(given, options).models.generateContent(request(given));
  same(answer.text, given.expected[0]);
  sameEnd(answer, given);
}

async function* texts(chunks) {
  for await (const chunk of chunks) {
    yield chunk.text ?? "";
  }
}

async function stream(given, options) {
  const chunks = await client(given, options).models.generateContentStream(request(given));
  let text = "";
  let last;
  for await (last of chunks) {
    text += last.text;
  }
  same(text, given.expected[0]);
  sameEnd(last, given);
}

async function multiTurn(given) {
  const chat = client(given).chats.create({ model: given.model });
  for (const [turn, message] of given.prompts.entries()) {
    // Each chunk becomes an entry of the history, which must come back as one answer.
    let text = "";
    for await (const piece of texts(await chat.sendMessageStream({ message }))) {
      text += piece;
    }
    same(text, given.expected[turn]);
  }
}

async function tools(given) {
  const { name, description, parameters, result } = given.tool;
  const declared = { name, description, parametersJsonSchema: parameters };
  const config = { tools: [{ functionDeclarations: [declared] }] };
  const chat = client(given).chats.create({ model: given.model, config });
  const [call] = (await chat.sendMessage({ message: given.prompts[0] })).functionCalls;
  same(call.name, name, "function");
  same(call.args, given.arguments, "arguments");
  const message = { functionResponse: { name, response: JSON.parse(result) } };
  same((await chat.sendMessage({ message })).text, given.expected[0]);
}

async function structured(given) {
  const form = { responseMimeType: "application/json", responseJsonSchema: given.schema };
  const answer = await client(given).models.generateContent(request(given, form));
  same(JSON.parse(answer.text), JSON.parse(given.expected[0]));
}

async function images(given) {
  const inlineData = { data: given.image, mimeType: "image/png" };
  const asked = { ...request(given), contents: [given.prompts[0], { inlineData }] };
  same((await client(given).models.generateContent(asked)).text, given.expected[0]);
}

async function count(given) {
  const asked = { model: given.model, contents: given.prompts[0] };
  same((await client(given).models.countTokens(asked)).totalTokens, given.usage.input, "tokens");
}

async function models(given) {
  const name = "models/" + given.model;
  const listed = [];
  for await (const model of await client(given).models.list()) {
    listed.push(model.name);
  }
  if (!listed.includes(name)) {
    throw new Error(`${name} is not in ${listed}`);
  }
  same((await client(given).models.get({ model: given.model })).name, name, "model");
}

const refused =
  (code, status, behaviour = complete) =>
  async (given) => {
    const error = await rejects(() => behaviour(given), (e) => e instanceof ApiError);
    same(error.status, code, "status");
    same(JSON.parse(error.message).error.status, status, "status");
  };

const twoCandidates = (given) =>
  client(given).models.generateContent(request(given, { candidateCount: 2 }));

async function abort(given) {
  const leaving = new AbortController();
  const asked = request(given, { abortSignal: leaving.signal });
  const chunks = await client(given).models.generateContentStream(asked);
  await leaves(given, texts(chunks), () => leaving.abort());
}

async function abortWhole(given) {
  const asked = request(given, { abortSignal: AbortSignal.timeout(700) });
  const error = await rejects(() => client(given).models.generateContent(asked), () => true);
  return error.name;
}

async function timeoutRetry(given) {
  // The library does not ask again by itself unless told, and then not after its own timeout.
  const error = await rejects(() => complete(given, { timeout: given.timeout_ms }), () => true);
  await complete(given);
  return `${error.name}, asked again by hand`;
}

async function refusedOnce(given) {
  await refused(429, "RESOURCE_EXHAUSTED", stream)(given);
  await complete(given, { retryOptions: { attempts: 5 } });
}

const broken =
  (accepts = () => true) =>
  async (given) =>
    breaks(given, texts(await client(given).models.generateContentStream(request(given))), accepts);
const told = (e) => e instanceof ApiError;

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
  count,
  models,
  "large-input": complete,
  "unknown-model": refused(404, "NOT_FOUND"),
  "bad-request": refused(400, "INVALID_ARGUMENT", twoCandidates),
  "too-long": refused(400, "OUT_OF_RANGE"),
  "too-large": refused(400, "INVALID_ARGUMENT"),
  abort,
  "abort-whole": abortWhole,
  "timeout-retry": timeoutRetry,
  "slow-start": stream,
  "queue-full": refusedOnce,
  "midstream-error": broken(told),
  truncation: broken(told),
  reset: broken(told),
  "wire-merged": stream,
  "wire-bytes": stream,
  "wire-odd": stream,
  "wire-reset": broken(),
  "wire-closed": broken(),
});
