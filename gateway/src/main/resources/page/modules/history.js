/** The stored conversation as entries: messages joined with the turns that made them, latest page first. */

import { api } from './api.js';
import { Entry } from './entry.js';

/** A session's past, read backwards page by page. */
export class History {
  #sessionId;
  #signal;
  #messages = undefined;
  #turns = undefined;

  constructor(sessionId, signal) {
    this.#sessionId = sessionId;
    this.#signal = signal;
  }

  /** Whether there are older entries than those read. */
  get hasOlder() {
    return this.#messages !== null;
  }

  /** The next page of older entries, in reading order. */
  async older() {
    const first = this.#messages === undefined;
    const [messages, turns] = await Promise.all([
      api.messages(this.#sessionId, this.#messages, this.#signal),
      this.#turns === null
        ? { data: [], next_cursor: null }
        : api.turns(this.#sessionId, this.#turns, this.#signal),
    ]);
    this.#messages = messages.next_cursor;
    this.#turns = turns.next_cursor;
    const entries = join(messages.data.reverse(), turns.data);
    const newest = turns.data[0];
    if (first && newest !== undefined && newest.input.message_id === null) {
      entries.push(Entry.ofTurn(newest)); // refused at the door, its question withdrawn: it must not vanish
    }
    return entries;
  }
}

function join(messages, turns) {
  const byId = new Map(turns.map((turn) => [turn.id, turn]));
  const entries = [];
  for (const message of messages) {
    const last = entries.at(-1);
    if (message.role === 'user') {
      entries.push(asked(message));
    } else if (message.role === 'assistant') {
      const entry = last !== undefined && last.text === '' ? last : entries[entries.push(new Entry()) - 1];
      answered(entry, message);
    }
  }
  for (const entry of entries) {
    const turn = byId.get(entry.turnId);
    if (turn !== undefined) {
      const earlier = entry.text;
      entry.settle(newestOn(turn.input.message_id, turns) ?? turn);
      if (entry.text === '' && !entry.active) {
        entry.write(earlier); // the newest attempt gave nothing; what an earlier one gave still stands
      }
    }
  }
  return entries;
}

/** Of the turns on one question, regenerated and continued ones included, the latest; `turns` is latest first. */
const newestOn = (messageId, turns) => turns.find((turn) => turn.input.message_id === messageId);

function asked(message) {
  const entry = new Entry();
  entry.question = message.text;
  entry.turnId = message.turn_id;
  return entry;
}

function answered(entry, message) {
  entry.turnId = message.turn_id;
  entry.model = message.model;
  entry.finishReason = message.finish_reason;
  entry.usage = message.usage;
  entry.state = message.status === 'partial' ? 'cancelled' : 'completed';
  entry.write(message.text);
}
