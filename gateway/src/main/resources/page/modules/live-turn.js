/** A turn under way: its entry, the connection that feeds it, and how it is stopped. */

import { api } from './api.js';
import { Failure } from './failures.js';
import { followTurn } from './turn-stream.js';
import { Backoff, pause } from './waiting.js';

const CONNECTED = { kind: 'live' };

export class LiveTurn {
  entry;
  /** `kind` is live, lost or busy; `since` when that began, `until` when a busy server is asked again. */
  connection = CONNECTED;
  patience = new EventTarget();
  #begin;
  #onChange;
  #onAccepted;
  #stream = new AbortController();
  #left = false;

  constructor(entry, { begin = null, onChange, onAccepted = () => {} }) {
    this.entry = entry;
    this.#begin = begin;
    this.#onChange = onChange;
    this.#onAccepted = onAccepted;
  }

  /** Resolves true once the entry is final or refused; false where it was left before. */
  async run() {
    const { entry } = this;
    try {
      await followTurn({
        begin: this.#begin,
        turnId: entry.turnId,
        signal: this.#stream.signal,
        patience: this.patience,
        on: this,
      });
      if (entry.active) {
        entry.settle(await api.turn(entry.turnId));
      }
    } catch (cause) {
      if (this.#stream.signal.aborted) {
        return !this.#left;
      }
      if (!(cause instanceof Failure)) {
        console.error('following a turn failed', cause);
      }
      entry.refuse(cause instanceof Failure ? cause : new Failure({ code: 'internal' }));
    }
    this.connection = CONNECTED;
    await this.#verify().catch((cause) => console.warn(`turn ${entry.turnId} could not be verified: ${cause.message}`));
    return !this.#left;
  }

  event(name, data) {
    const { state } = this.entry;
    this.entry.apply(name, data);
    if (name === 'delta' && state === this.entry.state) {
      return; // the text draws itself
    }
    if (name === 'turn.accepted') {
      this.#onAccepted(data);
      if (this.#left) {
        this.#stream.abort();
      } else if (this.entry.stopping) {
        this.#cancel();
      }
    }
    this.#onChange(name);
  }

  live(requestId) {
    this.entry.requestId = requestId;
    if (this.connection !== CONNECTED) {
      const gap = this.connection.kind === 'lost' ? Date.now() - this.connection.since : 0;
      this.connection = CONNECTED;
      this.#onChange('back', gap);
    }
  }

  lost(reason) {
    const since = this.connection.kind === 'lost' ? this.connection.since : Date.now();
    this.connection = { kind: 'lost', reason, since };
    this.#onChange();
  }

  busy(waitMs, failure) {
    this.connection = { kind: 'busy', failure, since: Date.now(), until: Date.now() + waitMs };
    this.#onChange();
  }

  /** Tries again at once, if it is waiting for something. */
  wake() {
    this.patience.dispatchEvent(new Event('wake'));
  }

  /** Stops it: at once for the eye, and at the server however often that has to be said (CP-26). */
  stop() {
    const { entry } = this;
    if (!entry.active || entry.stopping) {
      return;
    }
    if (entry.turnId === null && this.connection !== CONNECTED) {
      this.#stream.abort();
      entry.refuse(this.connection.failure ?? Failure.network());
      this.connection = CONNECTED;
    } else {
      entry.stopping = true;
      if (entry.turnId !== null) {
        this.#cancel();
      }
    }
    this.#onChange();
  }

  /** Stops following. A message that is not yet accepted is carried there first. */
  leave() {
    this.#left = true;
    this.#onChange = () => {};
    if (this.entry.turnId !== null) {
      this.#stream.abort();
    }
  }

  async #cancel() {
    const backoff = new Backoff();
    while (this.entry.active) {
      try {
        await api.cancelTurn(this.entry.turnId);
        return;
      } catch (failure) {
        if (failure.status >= 400 && failure.status < 429) {
          return; // refused for good; the stream will say how the turn ends
        }
      }
      await pause(backoff.next(), new AbortController().signal, { early: true });
    }
  }

  /** What was assembled here is what is stored there (CP-15); browsers offer no hash on plain HTTP beyond localhost. */
  async #verify() {
    const { entry } = this;
    if (entry.sha256 === null || crypto.subtle === undefined) {
      return;
    }
    const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(entry.text));
    const found = Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, '0')).join('');
    if (found !== entry.sha256) {
      console.error(`turn ${entry.turnId}: the text assembled here has SHA-256 ${found}, the stored one ${entry.sha256}`);
      entry.settle(await api.turn(entry.turnId));
    }
  }
}
