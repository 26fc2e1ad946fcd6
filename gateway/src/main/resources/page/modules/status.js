/** The one line above the composer: what is being waited for, and what can be done about it (CP-21, CP-24, CP-25). */

import { html, nothing, render } from '../lib/lit-html/lit-html.js';
import { words } from './words.js';

const LOST_AFTER_MS = 1000;
const BACK_FOR_MS = 3000;
const TICK_MS = 500;

export class Status {
  #root;
  #chat;
  #announcer;
  #backUntil = 0;
  #timer = 0;

  constructor(root, { chat, announcer }) {
    this.#root = root;
    this.#chat = chat;
    this.#announcer = announcer;
    chat.addEventListener('back', ({ detail: gap }) => {
      if (gap > LOST_AFTER_MS) {
        this.#backUntil = Date.now() + BACK_FOR_MS;
        announcer.say(words.back);
      }
    });
    addEventListener('offline', () => this.draw());
    addEventListener('online', () => this.draw());
  }

  draw() {
    const shown = this.#now();
    render(shown === null ? nothing : html`<span class=${shown.kind ?? ''}>${shown.text}</span>${shown.offer ?? nothing}`, this.#root);
    clearTimeout(this.#timer);
    if (shown !== null || this.#chat.active !== null || this.#chat.lostSince !== null) {
      this.#timer = setTimeout(() => this.draw(), TICK_MS);
    }
  }

  #now() {
    const { active, live, lostSince } = this.#chat;
    const connection = live?.connection ?? (lostSince === null ? null : { kind: 'lost', since: lostSince });
    const now = Date.now();
    if (active?.stopping) {
      return { text: words.stopping, kind: 'busy' };
    }
    if (connection?.kind === 'lost' && now - connection.since >= LOST_AFTER_MS) {
      return this.#lost(connection);
    }
    if (connection?.kind === 'busy') {
      return {
        text: words.busy(Math.ceil((connection.until - now) / 1000)),
        offer: html`${offer(words.tryNow, () => live.wake())} ${offer(words.cancel, () => live.stop())}`,
      };
    }
    if (active !== null) {
      return this.#waiting(active, now);
    }
    if (!navigator.onLine) {
      return { text: words.offline };
    }
    return now < this.#backUntil ? { text: words.back, kind: 'good' } : null;
  }

  #lost({ reason }) {
    const text = navigator.onLine ? (reason === 'drain' ? words.restarting : words.reconnecting) : words.offline;
    this.#announcer.say(text);
    return { text, kind: 'busy' };
  }

  #waiting(entry, now) {
    if (now < this.#backUntil) {
      return { text: words.back, kind: 'good' };
    }
    if (entry.state === 'queued') {
      const { reason, position, due } = entry.queue;
      const cancel = offer(words.cancel, () => this.#chat.stop());
      if (reason === 'loading' || reason === 'starting') {
        return { text: reason === 'loading' ? words.starting : words.startingServer, kind: 'busy', offer: cancel };
      }
      const seconds = Math.max(0, Math.round((due - now) / 1000));
      this.#announcer.sayQueue(words.said.queued(position, seconds));
      return { text: words.queued(position, seconds), offer: cancel };
    }
    return {
      text: { pending: words.sending, reading: words.reading, streaming: words.answering }[entry.state],
      kind: 'busy',
    };
  }
}

const offer = (label, act) => html`<button type="button" @click=${act}>${label}</button>`;
