/** The open conversation: what is in it, what is under way, and everything a person can do to it. */

import { api } from './api.js';
import { Choices } from './choices.js';
import { Entry } from './entry.js';
import { Failure } from './failures.js';
import { History } from './history.js';
import { LiveTurn } from './live-turn.js';
import { outbox, randomKey } from './outbox.js';
import { Backoff, pause } from './waiting.js';

/**
 * Tells of itself by events: `change` (draw again), `opened` (another conversation), `loaded` (its history is
 * there), `named` (its address or title is new), `sent`, `began`, `ended` (`detail` is the entry), `back`
 * (`detail` is the gap in milliseconds), `draft` (`detail` is a text for the composer).
 */
export class Chat extends EventTarget {
  sessionId = null;
  session = null;
  entries = [];
  /** Why the conversation as a whole cannot be shown. */
  failure = null;
  opening = false;
  choices = new Choices();
  /** What is under way. */
  live = null;
  /** Since when the conversation could not be loaded; null while it can. */
  lostSince = null;
  #running = new Set();
  #history = null;
  #view = new AbortController();

  /** The entry that is under way; there is at most one. */
  get active() {
    return this.live?.entry.active ? this.live.entry : null;
  }

  get hasOlder() {
    return this.#history?.hasOlder ?? false;
  }

  /** Shows another conversation; null is a new one. */
  async open(sessionId) {
    this.#view.abort();
    this.#running.forEach((turn) => turn.leave());
    this.#running.clear();
    this.#view = new AbortController();
    const { signal } = this.#view;
    Object.assign(this, { sessionId, session: null, entries: [], failure: null, live: null, lostSince: null });
    this.#history = null;
    this.choices = new Choices(sessionId);
    this.opening = sessionId !== null;
    this.#say('opened');
    if (this.opening) {
      await this.#load(signal);
    }
    if (!signal.aborted && this.failure === null) {
      this.#resend();
    }
  }

  async #load(signal) {
    const backoff = new Backoff();
    for (;;) {
      const history = new History(this.sessionId, signal);
      try {
        const [session, entries] = await Promise.all([api.session(this.sessionId, signal), history.older()]);
        this.#history = history;
        this.entries = entries;
        this.#learn(session);
        if (!this.#onItsWay(entries.at(-1))) {
          await this.#join(session.active_turn_id, signal);
        }
        Object.assign(this, { opening: false, lostSince: null });
        this.#say('change');
        this.#say('loaded');
        return;
      } catch (cause) {
        if (signal.aborted) {
          return;
        }
        if (!(cause instanceof Failure)) {
          throw cause;
        }
        if (cause.code !== 'network' && cause.status < 429) {
          Object.assign(this, { opening: false, failure: cause });
          this.#say('change');
          return;
        }
        this.lostSince ??= Date.now();
        this.#say('change');
        await pause(cause.retryAfterMs ?? backoff.next(), signal, { early: true }).catch(() => {}); // aborted: seen above
      }
    }
  }

  /**
   * Whether a message that this page has still to send may be the turn that ends the history: its reply
   * was lost then, and sending it again under its key attaches to it.
   */
  #onItsWay(last) {
    const parcel = outbox.for(this.sessionId).find(({ text }) => text === last?.question);
    const same = parcel !== undefined && (last.withdrawn || (last.active && parcel.due));
    if (same) {
      this.entries.pop();
    }
    return same && last.active;
  }

  /** Follows what is still under way, wherever it was started. */
  async #join(activeTurnId, signal) {
    if (activeTurnId !== null && this.entries.every((entry) => entry.turnId !== activeTurnId)) {
      this.entries.push(Entry.ofTurn(await api.turn(activeTurnId, signal)));
    }
    const running = this.entries.find((entry) => entry.active);
    if (running !== undefined && this.live === null) {
      this.#run(new LiveTurn(running, { onChange: this.#onTurn }));
    }
  }

  /** False, and nothing is done, where a message cannot be sent now. */
  send(text, { interrupt = false } = {}) {
    const running = this.active;
    if (this.opening || this.failure !== null || (running !== null && !(interrupt && running.turnId !== null))) {
      return false;
    }
    const body = { input: { text }, ...(running === null ? {} : { on_busy: 'interrupt' }) };
    const parcel = outbox.add(this.sessionId, this.sessionId === null ? this.choices.forNewSession() : null, body);
    this.#post(Entry.ofParcel(parcel, this.choices.model, this.choices.agent));
    return true;
  }

  #post(entry) {
    this.entries.push(entry);
    this.#carry(entry);
  }

  #carry(entry) {
    const { parcel } = entry;
    const { choices } = this;
    const begin = async (signal) => {
      await choices.settled();
      if (parcel.sessionId === null) {
        const session = await api.createSession(parcel.sessionBody, parcel.sessionKey, signal);
        parcel.sessionId = session.id;
        outbox.keep(parcel);
        if (this.entries.includes(entry)) {
          this.sessionId = session.id;
          this.#learn(session);
          this.#say('named');
        }
      }
      return api.begin(`/v1/sessions/${parcel.sessionId}/turns`, parcel.turnBody, parcel.turnKey, signal);
    };
    const onAccepted = ({ turn_id: turnId }) => {
      outbox.remove(parcel);
      if (this.entries.includes(entry)) {
        this.entries = this.entries.filter((other) => other === entry || other.turnId !== turnId);
      }
    };
    this.#start(new LiveTurn(entry, { begin, onAccepted, onChange: this.#onTurn }));
  }

  #start(turn) {
    this.#run(turn);
    this.#say('sent', turn.entry);
  }

  async #run(turn) {
    this.live = turn;
    this.#running.add(turn);
    const followed = await turn.run();
    if (!followed) {
      return;
    }
    this.#running.delete(turn);
    this.live = [...this.#running].at(-1) ?? null; // the one it was to interrupt, if it could not
    const { entry } = turn;
    if (entry.state === 'unsent') {
      entry.parcel.refusal = entry.failure.code;
      outbox.keep(entry.parcel);
    }
    this.#say('change');
    this.#say('ended', entry);
    await this.lookAround();
  }

  #onTurn = (name, detail) => {
    if (name === 'turn.accepted') {
      this.#say('began');
    } else if (name === 'back') {
      this.#say('back', detail);
    }
    this.#say('change');
  };

  /** Sends again what a reload or a crash interrupted; what was refused, or is too old, is only shown. */
  #resend() {
    for (const parcel of outbox.for(this.sessionId)) {
      const entry = Entry.ofParcel(parcel, this.choices.model, this.choices.agent);
      if (parcel.due && this.live === null) {
        this.#post(entry);
      } else {
        entry.refuse(new Failure({ code: parcel.refusal ?? (parcel.due ? 'turn_in_progress' : 'stale') }));
        this.entries.push(entry);
      }
    }
    this.#say('change');
  }

  stop() {
    this.live?.stop();
  }

  /** Goes on with a partial answer, in its place (CP-27). */
  continue(entry) {
    this.#derive(entry, 'continue', {});
  }

  /** Answers the last question anew, with what is chosen now. */
  regenerate(entry) {
    this.#derive(entry, 'regenerate', this.choices.forRegenerate());
  }

  #derive(entry, how, body) {
    const { choices } = this;
    const path = `/v1/turns/${entry.turnId}/${how}`;
    const key = randomKey();
    const begin = async (signal) => {
      await choices.settled();
      return api.begin(path, body, key, signal);
    };
    entry.restart();
    if (how === 'regenerate') {
      entry.write('');
    }
    this.#start(new LiveTurn(entry, { begin, onChange: this.#onTurn }));
  }

  /** Tries a failed or refused question again, under the same key where there is one (turns.md T-19). */
  retry(entry) {
    if (entry.state !== 'unsent' && !entry.withdrawn) {
      this.regenerate(entry);
      return;
    }
    this.entries = this.entries.filter((other) => other !== entry);
    const { parcel } = entry;
    if (parcel === null || entry.failure?.code === 'idempotency_key_reused') {
      this.#forget(parcel);
      this.send(entry.question);
      return;
    }
    parcel.renew();
    outbox.keep(parcel);
    this.#post(Entry.ofParcel(parcel, this.choices.model, this.choices.agent));
  }

  /** Takes a question that has no turn back into the composer. */
  edit(entry) {
    this.entries = this.entries.filter((other) => other !== entry);
    this.#forget(entry.parcel);
    this.#say('draft', entry.question);
    this.#say('change');
  }

  #forget(parcel) {
    if (parcel !== null) {
      outbox.remove(parcel);
    }
  }

  /** Reads the page of messages before the oldest shown. */
  async loadOlder() {
    const history = this.#history;
    const older = await history.older();
    if (history !== this.#history) {
      return;
    }
    const first = this.entries[0];
    if (first?.question === null && older.at(-1)?.text === '') {
      first.question = older.pop().question;
    }
    this.entries.unshift(...older);
    this.#say('change');
  }

  /** Learns of what happened elsewhere, and of what the server made of it here (CP-23). */
  async lookAround() {
    if (this.session === null || this.live !== null || this.opening || this.failure !== null) {
      return;
    }
    const { signal } = this.#view;
    const known = this.session;
    try {
      const session = await api.sessionUnless(known.id, known.version, signal);
      if (session === null || this.live !== null) {
        return;
      }
      this.#learn(session);
      const ours = this.entries.findLast((entry) => entry.turnId !== null)?.turnId;
      const newest = await api.newestTurn(session.id, signal);
      if (this.live === null && newest !== null && newest.id !== ours) {
        await this.#load(signal);
        this.#resend();
      }
    } catch (cause) {
      if (signal.aborted) {
        return;
      }
      if (cause.code === 'not_found') {
        this.failure = cause;
        this.#say('change');
      }
    }
  }

  #learn(session) {
    this.session = session;
    this.choices.learn(session);
    this.#say('named');
  }

  #say(type, detail = null) {
    this.dispatchEvent(new CustomEvent(type, { detail }));
  }
}
