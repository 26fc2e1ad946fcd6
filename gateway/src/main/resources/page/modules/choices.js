/** Model, persona and options of the open conversation; in a session that exists they are stored there (CP-30). */

import { api } from './api.js';

const SAVE_AFTER_MS = 500;

export class Choices {
  model = null;
  agent = null;
  options = {};
  #sessionId;
  #unsaved = null;
  #saving = Promise.resolve();
  #timer = 0;

  constructor(sessionId = null) {
    this.#sessionId = sessionId;
  }

  /** Takes over what the session says, but for what is not yet saved here. */
  learn(session) {
    this.#sessionId = session.id;
    if (this.#unsaved === null) {
      this.model = session.model;
      this.agent = session.agent;
      this.options = session.options;
    }
  }

  /** Applies a change of `model`, `agent` or of single options; null unsets. */
  change({ options = {}, ...rest }) {
    Object.assign(this, rest);
    this.options = without(null, { ...this.options, ...options });
    this.#unsaved = { ...this.#unsaved, ...rest, options: { ...this.#unsaved?.options, ...options } };
    clearTimeout(this.#timer);
    if (this.#sessionId !== null) {
      this.#timer = setTimeout(() => this.settled().catch(() => {}), SAVE_AFTER_MS); // said with the next message
    }
  }

  /** Resolves when the session holds what is shown here. */
  async settled() {
    clearTimeout(this.#timer);
    await this.#saving;
    const patch = this.#unsaved;
    if (this.#sessionId === null || patch === null) {
      return;
    }
    this.#unsaved = null;
    const saving = api.changeSession(this.#sessionId, patch);
    this.#saving = saving.catch(() => {});
    try {
      await saving;
    } catch (failure) {
      this.#unsaved = { ...patch, ...this.#unsaved, options: { ...patch.options, ...this.#unsaved?.options } };
      throw failure;
    }
  }

  /** The body of POST /v1/sessions; what it holds needs no saving. */
  forNewSession() {
    this.#unsaved = null;
    const { model, agent, options } = this;
    return without(null, { model, agent, options: Object.keys(options).length === 0 ? null : options });
  }

  /** The body of a regenerate: what is chosen now, not what the earlier answer had. */
  forRegenerate() {
    const { model, options } = this;
    return without(null, { model, options: Object.keys(options).length === 0 ? null : options });
  }
}

const without = (absent, members) =>
  Object.fromEntries(Object.entries(members).filter(([, value]) => value !== absent));
