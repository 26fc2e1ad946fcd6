// What Penstock keeps for a client: responses and conversations.

import OpenAI from "openai";
import { rejects, same } from "./behaviours.mjs";

const WITHIN_MS = 20_000;
const LIVE = ["queued", "in_progress"];

const absent = (error) => error instanceof OpenAI.NotFoundError;

/** The first messages of the case's conversation. */
function turns(given, count) {
  const said = given.prompts.flatMap((prompt, turn) => [
    { role: "user", content: prompt },
    { role: "assistant", content: given.expected[turn] },
  ]);
  return said.slice(0, count);
}

const contents = (messages) => messages.map((message) => message.content);

/** The texts of a list of items, page by page. */
async function texts(pages) {
  const seen = [];
  for await (const item of pages) {
    seen.push(item.content[0].text);
  }
  return seen;
}

async function all(events) {
  const seen = [];
  for await (const event of events) {
    seen.push(event);
  }
  return seen;
}

export async function stored(client, given) {
  const input = turns(given, 3);
  const metadata = { of: "first" };
  const first = await client.responses.create({ model: given.model, input, metadata });
  same(first.output_text, given.expected[1]);
  const second = await client.responses.create({
    model: given.model,
    input: given.prompts[2],
    previous_response_id: first.id,
  });
  same(second.output_text, given.expected[2]);
  same(second.previous_response_id, first.id, "previous response");
  const shown = await client.responses.retrieve(first.id);
  same([shown.output_text, shown.metadata], [given.expected[1], metadata]);
  const listed = (order) => texts(client.responses.inputItems.list(first.id, { limit: 2, order }));
  same(await listed("asc"), contents(input), "input items");
  same(await listed("desc"), contents(input).reverse(), "input items backwards");
  await client.responses.delete(first.id);
  await rejects(() => client.responses.retrieve(first.id), absent);
}

export async function resume(client, given) {
  const asked = { model: given.model, input: given.prompts[0], background: true, stream: true };
  const events = [];
  for await (const event of await client.responses.create(asked)) {
    events.push(event);
    if (events.length === given.leave_after) {
      break;
    }
  }
  const id = events[0].response.id;
  const last = events.at(-1).sequence_number;
  const rest = await client.responses.retrieve(id, { stream: true, starting_after: last });
  events.push(...(await all(rest)));
  const helper = client.responses.stream({ response_id: id, starting_after: last });
  const helped = (await all(helper)).map((event) => event.sequence_number);
  same((await helper.finalResponse()).output_text, given.expected[0], "the helper's text");
  const numbers = events.map((event) => event.sequence_number);
  same(numbers, [...numbers.keys()], "numbers");
  same(helped, numbers.slice(last + 1), "the helper's numbers");
  const deltas = events.filter((event) => event.type === "response.output_text.delta");
  same(deltas.map((event) => event.delta).join(""), given.expected[0]);
  same(events.at(-1).response.output[0].content[0].text, given.expected[0], "the last event's text");
}

export async function background(client, given) {
  const ask = (input, more) =>
    client.responses.create({ model: given.model, input, background: true, ...more });
  let waited = await ask(given.prompts[0]);
  for (const limit = Date.now() + WITHIN_MS; LIVE.includes(waited.status) && Date.now() < limit; ) {
    await new Promise((resolve) => setTimeout(resolve, 100));
    waited = await client.responses.retrieve(waited.id);
  }
  same([waited.status, waited.output_text], ["completed", given.expected[0]]);
  let left;
  for await (const event of await ask(given.prompts[1], { stream: true })) {
    left ??= event.response.id;
    if (event.type === "response.output_text.delta") {
      break;
    }
  }
  same((await client.responses.retrieve(left)).status, "in_progress", "status of what was left");
  const statuses = [];
  for (let time = 0; time < 2; time++) {
    statuses.push((await client.responses.cancel(left)).status);
  }
  same(statuses, ["cancelled", "cancelled"], "statuses");
}

export async function conversations(client, given) {
  const metadata = { of: "three" };
  const { id } = await client.conversations.create({ items: turns(given, 2), metadata });
  for (const turn of [1, 2]) {
    const asked = { model: given.model, input: given.prompts[turn], conversation: id };
    same((await client.responses.create(asked)).output_text, given.expected[turn]);
  }
  same((await client.conversations.retrieve(id)).metadata, metadata, "metadata");
  const items = client.conversations.items;
  const listed = (order) => items.list(id, { limit: 2, order });
  const said = contents(turns(given, 6));
  const forth = await all(listed("asc"));
  same(forth.map((item) => item.content[0].text), said, "items");
  same(await texts(listed("desc")), said.toReversed(), "items backwards");
  const shown = await items.retrieve(forth[3].id, { conversation_id: id });
  same([shown.role, shown.content[0].text], ["assistant", said[3]]);
  await items.delete(forth[3].id, { conversation_id: id });
  same(await texts(listed("asc")), said.toSpliced(3, 1), "items after one is deleted");
  same((await client.conversations.delete(id)).deleted, true, "deleted");
  await rejects(() => client.conversations.retrieve(id), absent);
}
