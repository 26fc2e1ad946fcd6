// Drives Penstock by Vercel's AI SDK with its provider of OpenAI's chat completions.

import { createOpenAI } from "@ai-sdk/openai";
import {
  APICallError,
  embedMany,
  generateText,
  isStepCount,
  jsonSchema,
  Output,
  streamText,
  tool,
} from "ai";
import { breaks, leaves, near, rejects, run, same } from "./behaviours.mjs";

// What goes wrong is looked at where it is thrown.
globalThis.AI_SDK_LOG_WARNINGS = false;

const provider = (given) => createOpenAI({ apiKey: "unused", baseURL: given.url + "/v1" });

const request = (given, more = {}) => ({
  model: provider(given).chat(given.model),
  instructions: given.system ?? undefined,
  prompt: given.prompts[0],
  stopSequences: given.stop,
  maxOutputTokens: given.max_tokens,
  ...more,
});

function sameEnd(finish, usage, given) {
  same(finish, given.finish, "finish");
  same(usage.inputTokens, given.usage.input, "prompt tokens");
  same(usage.outputTokens, given.usage.output, "answer tokens");
}

async function complete(given, more) {
  const answer = await generateText(request(given, more));
  same(answer.text, given.expected[0]);
  sameEnd(answer.finishReason, answer.usage, given);
}

/** The text, and an error as an exception: textStream alone leaves errors out. */
async function* texts(answer) {
  for await (const part of answer.stream) {
    if (part.type === "error") {
      throw part.error;
    }
    if (part.type === "text-delta") {
      yield part.text;
    }
  }
}

const quiet = { onError: () => {} };

async function stream(given, more) {
  const answer = streamText(request(given, { ...quiet, ...more }));
  let text = "";
  for await (const piece of texts(answer)) {
    text += piece;
  }
  same(text, given.expected[0]);
  sameEnd(await answer.finishReason, await answer.usage, given);
}

async function multiTurn(given) {
  const messages = [];
  for (const [turn, content] of given.prompts.entries()) {
    messages.push({ role: "user", content });
    const answer = await generateText({ model: provider(given).chat(given.model), messages });
    same(answer.text, given.expected[turn]);
    messages.push(...answer.response.messages);
  }
}

async function tools(given) {
  let called;
  const weather = tool({
    description: given.tool.description,
    inputSchema: jsonSchema(given.tool.parameters),
    execute: async (input) => {
      called = input;
      return JSON.parse(given.tool.result);
    },
  });
  const offered = { tools: { [given.tool.name]: weather }, stopWhen: isStepCount(2) };
  const answer = await generateText(request(given, offered));
  same(called, given.arguments, "arguments");
  same(answer.text, given.expected[0]);
}

async function structured(given) {
  const output = Output.object({ schema: jsonSchema(given.schema) });
  same((await generateText(request(given, { output }))).output, JSON.parse(given.expected[0]));
}

async function images(given) {
  const image = { type: "file", mediaType: "image/png", data: given.image };
  const content = [{ type: "text", text: given.prompts[0] }, image];
  const asked = request(given, { prompt: undefined, messages: [{ role: "user", content }] });
  same((await generateText(asked)).text, given.expected[0]);
}

async function embeddings(given) {
  const model = provider(given).embedding(given.model);
  const answer = await embedMany({ model, values: given.texts });
  same(answer.embeddings.length, given.embeddings.length, "vectors");
  answer.embeddings.forEach((seen, at) => near(seen, given.embeddings[at]));
}

async function responses(given) {
  const unstored = {
    model: provider(given).responses(given.model),
    providerOptions: { openai: { store: false } },
  };
  await complete(given, unstored);
  await stream(given, unstored);
}

/** The bare provider asks for stored responses. */
async function stored(given) {
  const model = provider(given)(given.model);
  const [first, then, last] = given.prompts;
  const messages = [
    { role: "user", content: first },
    { role: "assistant", content: given.expected[0] },
    { role: "user", content: then },
  ];
  const answer = await generateText({ model, messages });
  same(answer.text, given.expected[1]);
  const openai = { previousResponseId: answer.providerMetadata.openai.responseId };
  const next = await generateText({ model, prompt: last, providerOptions: { openai } });
  same(next.text, given.expected[2]);
}

const refused =
  (status, more) =>
  async (given) => {
    const error = await rejects(() => complete(given, more), APICallError.isInstance);
    same(error.statusCode, status, "status");
  };

async function abort(given) {
  const leaving = new AbortController();
  const answer = streamText(request(given, { ...quiet, abortSignal: leaving.signal }));
  await leaves(given, texts(answer), () => leaving.abort());
}

async function abortWhole(given) {
  const asked = request(given, { abortSignal: AbortSignal.timeout(700) });
  return (await rejects(() => generateText(asked), () => true)).name;
}

async function timeoutRetry(given) {
  const hasty = { timeout: given.timeout_ms, maxRetries: 0 };
  const error = await rejects(() => complete(given, hasty), () => true);
  await complete(given);
  return `${error.name}, asked again by hand`;
}

async function refusedOnce(given) {
  await refused(429, { maxRetries: 0 })(given);
  await complete(given);
}

const broken = async (given) =>
  breaks(given, texts(streamText(request(given, { ...quiet, maxRetries: 0 }))));

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
  completions: "the SDK writes a prompt of its own around the user's words",
  responses,
  "responses-stored": stored,
  "responses-resume": "the SDK does not resume responses",
  "responses-background": "the SDK does not wait for what it left",
  conversations: "the SDK does not manage them",
  models: "the SDK does not list models",
  "large-input": complete,
  "unknown-model": refused(404),
  "bad-request": refused(400, { temperature: 9 }),
  "too-long": refused(400),
  "too-large": refused(413),
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
