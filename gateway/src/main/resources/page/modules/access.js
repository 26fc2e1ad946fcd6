/** Whether one must sign in here, how, and who has. The key stays in this tab's session (CP-57). */

import { Failure } from './failures.js';

const LIMIT_MS = 20_000;
const KEY = 'penstock.key';
const PERSON = 'penstock.person';
const SENDABLE = /^[\x21-\x7e]{1,8192}$/;

/** Says `signed-out` when a request was refused, `signed-in` when somebody may go on, `left` when another tab signed out. */
class Access extends EventTarget {
  /** What GET /auth/session says: `{required, key, provider, signed_in, tenant, user, name}`. */
  state = { required: false, key: false, provider: null, signed_in: false };
  /** Somebody must sign in before anything can be asked. */
  signedOut = false;
  #tabs = new BroadcastChannel('penstock.access');

  constructor() {
    super();
    this.#tabs.addEventListener('message', () => this.dispatchEvent(new Event('left')));
  }

  /** What every request carries. */
  get headers() {
    const key = sessionStorage.getItem(KEY);
    return key === null ? {} : { Authorization: `Bearer ${key}` };
  }

  /** Asks who is signed in; throws a Failure where that cannot be told. */
  async look() {
    this.state = await this.#ask(this.headers);
    this.signedOut = this.state.required && !this.state.signed_in;
    if (this.signedOut) {
      sessionStorage.removeItem(KEY);
    }
    return !this.signedOut;
  }

  /** Tries a key; false if it is none. */
  async enter(key) {
    const text = key.trim();
    if (!SENDABLE.test(text)) {
      return false;
    }
    const state = await this.#ask({ Authorization: `Bearer ${text}` });
    if (state.signed_in) {
      sessionStorage.setItem(KEY, text);
      this.state = state;
      this.signedOut = false;
      this.dispatchEvent(new Event('signed-in'));
    }
    return state.signed_in;
  }

  /** A request was refused: the credential has ended, or was taken back. */
  refused() {
    if (!this.signedOut && this.state.required) {
      this.signedOut = true;
      sessionStorage.removeItem(KEY);
      this.dispatchEvent(new Event('signed-out'));
    }
  }

  /** Whether what was left in this tab is that of the person who is here now. */
  isSamePerson() {
    const { tenant, user } = this.state;
    const now = JSON.stringify([tenant ?? null, user ?? null]);
    const before = sessionStorage.getItem(PERSON);
    sessionStorage.setItem(PERSON, now);
    return before === null || before === now;
  }

  /** Where somebody goes to sign in with the provider, and comes back to where they are. */
  get address() {
    return `/auth/login?${new URLSearchParams({ return: location.pathname + location.search })}`;
  }

  /** Signs out, in the other tabs too where a cookie signed them in; throws a Failure if that fails. */
  async leave() {
    const byKey = sessionStorage.getItem(KEY) !== null;
    if (!byKey && this.state.provider !== null) {
      const response = await this.#send('/auth/logout', { method: 'POST' });
      if (!response.ok) {
        throw await Failure.of(response);
      }
      this.#tabs.postMessage('left');
    }
    sessionStorage.removeItem(KEY);
    sessionStorage.removeItem(PERSON);
  }

  async #ask(headers) {
    const response = await this.#send('/auth/session', { headers: { ...headers, Accept: 'application/json' } });
    if (!response.ok) {
      throw await Failure.of(response);
    }
    return response.json();
  }

  async #send(path, request) {
    try {
      return await fetch(path, { ...request, cache: 'no-store', signal: AbortSignal.timeout(LIMIT_MS) });
    } catch (cause) {
      throw Failure.network();
    }
  }
}

export const access = new Access();
