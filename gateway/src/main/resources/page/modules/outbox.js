/**
 * Messages that were sent and not yet accepted. Each keeps its idempotency keys and bodies, so that
 * sending it again after a reload, a lost reply or a second click is the same turn (CP-3).
 */

import { store } from './drafts.js';

const PREFIX = 'penstock.outbox.';
const NAMED = 'penstock.named';
const FRESH_MS = 10 * 60 * 1000;
const ABANDONED_MS = 10 * 1000;

/** 128 random bits; crypto.randomUUID does not exist on plain HTTP beyond localhost. */
export function randomKey() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** The same over a reload, another in another tab. */
const tab = sessionStorage.getItem('penstock.tab') ?? randomKey();
sessionStorage.setItem('penstock.tab', tab);

/** A message on its way. `sessionId` is null until the session it opens exists; `refusal` is the code of a refusal for good. */
export class Parcel {
  constructor({ id, tab: sender, at, sessionId, sessionBody, turnBody, refusal = null }) {
    this.id = id;
    this.tab = sender;
    this.at = at;
    this.sessionId = sessionId;
    this.sessionBody = sessionBody;
    this.turnBody = turnBody;
    this.refusal = refusal;
  }

  get text() {
    return this.turnBody.input.text;
  }

  get sessionKey() {
    return `${this.id}-session`;
  }

  get turnKey() {
    return `${this.id}-turn`;
  }

  /** Whether it is sent by itself; a refused or an old one may not be what its writer wants any more. */
  get due() {
    return this.refusal === null && Date.now() - this.at < FRESH_MS;
  }

  /** It is wanted, again, by this tab. */
  renew() {
    this.tab = tab;
    this.at = Date.now();
    this.refusal = null;
  }
}

function all() {
  return Object.keys(localStorage)
    .filter((key) => key.startsWith(PREFIX))
    .map((key) => new Parcel(JSON.parse(localStorage.getItem(key))));
}

function justNamed() {
  const { sessionId, at } = JSON.parse(sessionStorage.getItem(NAMED) ?? '{"at":0}');
  const reloaded = performance.getEntriesByType('navigation')[0]?.type === 'reload';
  return reloaded && Date.now() - at < ABANDONED_MS ? sessionId : null;
}

export const outbox = {
  /** A new message, kept from now on. */
  add(sessionId, sessionBody, turnBody) {
    const parcel = new Parcel({ id: randomKey(), tab, at: Date.now(), sessionId, sessionBody, turnBody });
    this.keep(parcel);
    return parcel;
  },

  keep: (parcel) => store(PREFIX + parcel.id, JSON.stringify(parcel)),

  remove: (parcel) => localStorage.removeItem(PREFIX + parcel.id),

  /** The session a message of this tab was about to open when the page went; null if there is none. */
  opened: () =>
    all().find((parcel) => parcel.tab === tab && parcel.due && parcel.sessionBody !== null)?.sessionId ?? justNamed(),

  /** A new chat has become that session; a reload already under way knows the old address only. */
  named: (sessionId) => sessionStorage.setItem(NAMED, JSON.stringify({ sessionId, at: Date.now() })),

  /** What was refused because nobody was signed in is wanted again. */
  readmit() {
    for (const parcel of all().filter(({ tab: sender, refusal }) => sender === tab && refusal === 'unauthenticated')) {
      parcel.renew();
      this.keep(parcel);
    }
  },

  /** Forgets everything, as at signing out. */
  clear() {
    all().forEach((parcel) => this.remove(parcel));
    sessionStorage.removeItem(NAMED);
  },

  /** What this tab, or one that is gone, still has to send in that session; oldest first. */
  for(sessionId) {
    return all()
      .filter((parcel) => parcel.sessionId === sessionId)
      .filter((parcel) => parcel.tab === tab || Date.now() - parcel.at > ABANDONED_MS)
      .sort((a, b) => a.at - b.at);
  },
};
