/** The chats of this person, latest first, read by pages as the list is scrolled (CP-38). */

import { html, nothing, render } from '../lib/lit-html/lit-html.js';
import { repeat } from '../lib/lit-html/directives/repeat.js';
import { api } from './api.js';
import { icons } from './icons.js';
import { words } from './words.js';

export const titleOf = (session) => session.title ?? words.untitled;

export class SessionList {
  #root;
  #onDelete;
  #sessions = [];
  #next = null;
  #loaded = false;
  #current = null;
  #answering = null;
  #renaming = null;
  #reading = null;

  /** `onDelete(session)` asks, and resolves true once it is gone. */
  constructor(root, { onDelete }) {
    this.#root = root;
    this.#onDelete = onDelete;
    root.addEventListener('scroll', () => this.#more(), { passive: true });
  }

  /** Marks the open session, and whether this page sees it answering. */
  mark(sessionId, answering) {
    this.#current = sessionId;
    this.#answering = answering;
    this.draw();
  }

  /** Reads the first page again; what was read beyond it stays below. One request at a time, the last wish wins. */
  async refresh() {
    if (this.#reading !== null) {
      this.#reading.again = true;
      return;
    }
    const reading = { again: false };
    this.#reading = reading;
    try {
      const page = await api.sessions(null);
      this.#merge(page);
    } catch (failure) {
      console.warn(`the list of chats could not be read: ${failure.message}`);
    } finally {
      this.#reading = null;
    }
    if (reading.again) {
      await this.refresh();
    }
  }

  #merge(page) {
    const fresh = new Set(page.data.map(({ id }) => id));
    const oldest = page.data.at(-1)?.updated_at ?? '';
    const below = page.next_cursor === null ? [] : this.#sessions.filter(({ id, updated_at: at }) => !fresh.has(id) && at <= oldest);
    this.#sessions = [...page.data, ...below];
    if (!this.#loaded || below.length === 0) {
      this.#next = page.next_cursor;
    }
    this.#loaded = true;
    this.draw();
  }

  async #more() {
    const { scrollTop, scrollHeight, clientHeight } = this.#root;
    if (this.#next === null || this.#reading !== null || scrollHeight - clientHeight - scrollTop > 200) {
      return;
    }
    this.#reading = { again: false };
    try {
      const page = await api.sessions(this.#next);
      const known = new Set(this.#sessions.map(({ id }) => id));
      this.#sessions.push(...page.data.filter(({ id }) => !known.has(id)));
      this.#next = page.next_cursor;
      this.draw();
    } catch (failure) {
      console.warn(`more chats could not be read: ${failure.message}`); // scrolling asks again
    } finally {
      this.#reading = null;
    }
  }

  draw() {
    if (!this.#loaded) {
      return;
    }
    const list = html`<ul>${repeat(this.#sessions, ({ id }) => id, (session) => this.#item(session))}</ul>`;
    render(this.#sessions.length === 0 ? html`<p class="none">${words.noChats}</p>` : list, this.#root);
  }

  #item(session) {
    if (session.id === this.#renaming) {
      return html`<li>${this.#renameField(session)}</li>`;
    }
    const current = session.id === this.#current;
    const answering = current ? this.#answering : session.active_turn_id !== null;
    const title = titleOf(session);
    return html`
      <li>
        <a href="/?session=${session.id}" data-session=${session.id} aria-current=${current ? 'page' : nothing} title=${title}>
          ${answering ? html`<span class="dot"><span class="unseen">${words.generating}</span></span>` : nothing}
          <span class="name" dir="auto">${title}</span>
        </a>
        <button type="button" class="icon" aria-label=${words.rename(title)} @click=${() => this.#rename(session)}>${icons.rename}</button>
        <button type="button" class="icon" aria-label=${words.delete(title)} @click=${() => this.#delete(session)}>${icons.delete}</button>
      </li>
    `;
  }

  #renameField(session) {
    const leave = () => {
      this.#renaming = null;
      this.draw();
      this.#root.querySelector(`[data-session="${session.id}"]`)?.focus();
    };
    const save = (field) => {
      const title = field.value.trim();
      if (this.#renaming === session.id && title !== '' && title !== session.title) {
        this.#save(session, title);
      }
      leave();
    };
    const pressed = (event) => {
      if (event.key === 'Enter' && !event.isComposing && event.keyCode !== 229) {
        save(event.currentTarget);
      } else if (event.key === 'Escape') {
        event.stopPropagation();
        leave();
      }
    };
    return html`<input
      type="text"
      maxlength="200"
      aria-label=${words.renameField}
      .value=${titleOf(session)}
      @keydown=${pressed}
      @blur=${(event) => this.#renaming === session.id && save(event.currentTarget)}
    />`;
  }

  #rename(session) {
    this.#renaming = session.id;
    this.draw();
    this.#root.querySelector('input')?.select();
  }

  async #save(session, title) {
    const before = session.title;
    session.title = title;
    try {
      Object.assign(session, await api.changeSession(session.id, { title }));
      this.#root.dispatchEvent(new CustomEvent('renamed', { detail: session, bubbles: true }));
    } catch (failure) {
      session.title = before;
      this.#root.dispatchEvent(new CustomEvent('refused', { detail: failure, bubbles: true }));
    }
    this.draw();
  }

  async #delete(session) {
    if (await this.#onDelete(session)) {
      this.#sessions = this.#sessions.filter(({ id }) => id !== session.id);
      this.draw();
    }
  }
}
