/** One turn as the page shows it: a question, the answer so far, and how it stands. */

import { AnswerText } from './answer-text.js';
import { Failure } from './failures.js';

const ENDED = {
  'turn.completed': 'completed',
  'turn.cancelled': 'cancelled',
  'turn.interrupted': 'interrupted',
  'turn.failed': 'failed',
};
const PARTIAL = new Set(['cancelled', 'interrupted', 'failed']);
let entries = 0;

/** True for an event after which a turn has no further ones. */
export const isTerminal = (name) => name in ENDED;

/**
 * `state` is one of: pending (not yet accepted), unsent (refused; nothing is under way), reading,
 * queued, streaming, and the final completed, cancelled, interrupted, failed.
 */
export class Entry {
  key = ++entries;
  turnId = null;
  question = null;
  state = 'completed';
  model = null;
  agent = null;
  finishReason = null;
  timings = null;
  usage = null;
  sha256 = null;
  failure = null;
  requestId = null;
  queue = null;
  stopping = false;
  withdrawn = false;
  parcel = null;
  text = '';
  drawing = new AnswerText();
  #replaying = false;
  #before = null;

  /** The turn as the API shows it, its answer included. */
  static ofTurn(turn) {
    const entry = new Entry();
    entry.question = turn.input.text;
    entry.settle(turn);
    return entry;
  }

  /** A message that is on its way. */
  static ofParcel(parcel, model, agent) {
    const entry = new Entry();
    entry.question = parcel.text;
    entry.state = 'pending';
    entry.parcel = parcel;
    entry.model = model;
    entry.agent = agent;
    return entry;
  }

  get active() {
    return this.state === 'pending' || this.state === 'reading' || this.state === 'queued' || this.state === 'streaming';
  }

  /** Whether an answer was begun that `continue` could go on with (native-api.md 3). */
  get continuable() {
    return this.text !== '' && (PARTIAL.has(this.state) || this.finishReason === 'length');
  }

  /** Takes over what GET /v1/turns/{id} says. */
  settle(turn) {
    this.turnId = turn.id;
    this.model = turn.model;
    this.agent = turn.agent;
    this.timings = turn.timings;
    this.usage = turn.output?.usage ?? null;
    this.finishReason = turn.output?.finish_reason ?? null;
    this.sha256 = turn.output?.sha256 ?? null;
    this.withdrawn = turn.input.message_id === null;
    this.state = turn.state === 'accepted' ? 'reading' : turn.state;
    this.failure = turn.error === null ? null : new Failure(turn.error);
    if (turn.queue) {
      this.#wait({ reason: 'slots', ...turn.queue });
    }
    this.write(turn.output?.text ?? '');
  }

  /** Applies one event of the turn's stream, in order. */
  apply(name, data) {
    switch (name) {
      case 'turn.accepted':
        this.turnId = data.turn_id;
        this.model = data.model ?? this.model;
        this.state = 'reading';
        this.failure = null;
        this.#replaying = true;
        this.#before = null;
        return;
      case 'turn.queued':
        this.#wait(data);
        return;
      case 'delta':
        this.#stream((this.#replaying ? '' : this.text) + data.text);
        return;
      case 'snapshot':
        this.#stream(data.text);
        return;
      default:
        if (isTerminal(name)) {
          this.#end(ENDED[name], data);
        }
    }
  }

  /** Goes on under another turn, the text staying where it is until the new one replaces it. */
  restart() {
    const { turnId, state, text, finishReason, timings, usage, failure } = this;
    this.#before = { turnId, state, text, finishReason, timings, usage, failure };
    Object.assign(this, { turnId: null, state: 'pending', finishReason: null, timings: null, usage: null, failure: null });
    this.stopping = false;
    this.drawing.set(this.text, false);
  }

  /** What was asked for last is not under way; a restarted entry is again what it was. */
  refuse(failure) {
    const stranded = { state: this.turnId === null ? 'unsent' : 'interrupted' };
    Object.assign(this, this.#before ?? stranded, { failure });
    if (failure.atTheDoor) {
      this.turnId ??= failure.turnId; // else it names the turn that was in the way
    }
    this.queue = null;
    this.stopping = false;
    this.drawing.set(this.text, true);
  }

  write(text) {
    this.text = text;
    this.drawing.set(text, !this.active);
  }

  #wait(place) {
    this.state = 'queued';
    this.queue = { reason: place.reason, position: place.position, due: Date.now() + place.expected_wait_ms };
  }

  #stream(text) {
    this.#replaying = false;
    this.queue = null;
    this.state = text === '' ? 'reading' : 'streaming';
    this.write(text);
  }

  #end(state, data) {
    this.state = state;
    this.queue = null;
    this.stopping = false;
    this.finishReason = data.finish_reason ?? null;
    this.usage = data.usage ?? null;
    this.timings = data.timings ?? null;
    this.sha256 = data.sha256 ?? null;
    if (state === 'failed') {
      this.failure = new Failure({ ...data, requestId: this.requestId });
      this.withdrawn = this.failure.atTheDoor;
    }
    this.drawing.set(this.text, true);
  }
}
