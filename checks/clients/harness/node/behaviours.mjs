// What the Node client programs have in common.

import { isDeepStrictEqual } from "node:util";

const REFEREE = process.env.REFEREE_URL;

async function get(path) {
  const answer = await fetch(REFEREE + path);
  const json = await answer.json();
  if (!answer.ok) {
    throw new Error(`the referee: ${json.error}`);
  }
  return json;
}

/** Runs what the referee asks for: a function of the case, or the text of a reason why not. */
export async function run(behaviours) {
  for (const name of await get("/behaviours")) {
    const [status, detail] = await judge(behaviours[name], name);
    console.log(JSON.stringify({ behaviour: name, status, detail }));
  }
}

async function judge(behaviour, name) {
  if (behaviour === undefined) {
    return ["fail", "the client program does not have it"];
  }
  if (typeof behaviour === "string") {
    return ["n/a", behaviour];
  }
  const given = await get("/cases/" + name);
  try {
    return ["ok", (await behaviour(given)) ?? ""];
  } catch (e) {
    console.error(e);
    return ["fail", `${e.name}: ${e.message}`.slice(0, 500)];
  }
}

export function same(seen, expected, what = "text") {
  if (!isDeepStrictEqual(seen, expected)) {
    throw new Error(`${what} is ${clip(seen)}, not ${clip(expected)}`);
  }
}

function clip(value) {
  const text = JSON.stringify(value) ?? String(value);
  return text.length <= 160 ? text : `${text.slice(0, 100)}… (${text.length} characters)`;
}

export function near(seen, expected) {
  same(seen.length, expected.length, "length");
  if (seen.some((number, at) => Math.abs(number - expected[at]) > 1e-6)) {
    throw new Error("other numbers than the model server's");
  }
}

/** The error which the action rejects with; `accepts` says whether it is the right one. */
export async function rejects(action, accepts) {
  let result;
  try {
    result = await action();
  } catch (error) {
    if (!accepts(error)) {
      throw error;
    }
    return error;
  }
  throw new Error(`nothing was thrown; the result is ${clip(result)}`);
}

/** A stream that yields a beginning of the answer and then fails, and never ends well. */
export async function breaks(given, pieces, accepts = () => true) {
  let text = "";
  const error = await rejects(async () => {
    for await (const piece of pieces) {
      text += piece;
    }
    return text;
  }, accepts);
  if (text === "" || !given.expected[0].startsWith(text)) {
    throw new Error(`before it broke came ${clip(text)}`);
  }
  return error.name;
}

/** Reads until the beginning has come, and leaves. */
export async function leaves(given, pieces, leave) {
  let text = "";
  for await (const piece of pieces) {
    text += piece;
    if (text.length >= given.begins.length) {
      break;
    }
  }
  leave();
  same(text.slice(0, given.begins.length), given.begins);
}

/** Tries again while it fails, as a caller without a retry of its own would. */
export async function eventually(action, seconds = 20) {
  const limit = Date.now() + seconds * 1000;
  for (;;) {
    try {
      return await action();
    } catch (error) {
      if (Date.now() > limit) {
        throw error;
      }
      await new Promise((resolve) => setTimeout(resolve, 500));
    }
  }
}
