/** The message field and the button that is Send or Stop. */

import { render } from '../lib/lit-html/lit-html.js';
import { drafts } from './drafts.js';
import { icons } from './icons.js';
import { words } from './words.js';

const LARGEST_MESSAGE = 262_144;
const KEEP_AFTER_MS = 300;
/** The second click of a double click does nothing, nor does one that was meant for the Stop that stood there a moment ago. */
const SETTLE_MS = 300;

const softKeyboard = matchMedia('(pointer: coarse) and (hover: none)');

export class Composer {
  #field;
  #button;
  #hint;
  #onSend;
  #onStop;
  #onRecall;
  #whyNot;
  #sessionId = null;
  #mode = 'send';
  #changedAt = -SETTLE_MS;
  #clickedAt = -SETTLE_MS;
  #timer = 0;

  /** `onSend(text, interrupt)` says whether the text was taken, `whyNot()` why it was not; `onRecall()` gives the last question. */
  constructor({ field, button, hint, onSend, onStop, onRecall, whyNot }) {
    this.#whyNot = whyNot;
    this.#field = field;
    this.#button = button;
    this.#hint = hint;
    this.#onSend = onSend;
    this.#onStop = onStop;
    this.#onRecall = onRecall;
    button.replaceChildren();
    field.enterKeyHint = softKeyboard.matches ? 'enter' : 'send';
    field.addEventListener('keydown', (event) => this.#pressed(event));
    field.addEventListener('input', () => this.#typed());
    button.addEventListener('click', (event) => this.#clicked(event));
    addEventListener('pagehide', () => this.#keep());
    document.addEventListener('visibilitychange', () => this.#keep());
    this.#check();
  }

  /** Changes to the draft of another session, what was typed before the page was ready included. */
  show(sessionId, { taken = false } = {}) {
    if (!taken) {
      this.#keep();
      this.#sessionId = sessionId;
      this.#set(drafts.read(sessionId));
      return;
    }
    this.#sessionId = sessionId;
    if (this.#field.value === '') {
      this.#set(drafts.read(sessionId));
    }
  }

  /** The new chat has become a session; what is typed meanwhile is that session's. */
  rename(sessionId) {
    if (this.#sessionId === null && sessionId !== null) {
      drafts.write(null, '');
      this.#sessionId = sessionId;
      this.#keep();
    }
  }

  /** Puts a text there for changing; what is there already stays, below it. */
  offer(text) {
    const typed = this.#field.value;
    this.#set(typed === '' || typed === text ? text : `${text}\n\n${typed}`);
    this.#keep();
    this.focus();
  }

  /** Forgets what is typed, so that nothing of it is kept when the page goes. */
  clear() {
    this.#set('');
    this.#keep();
  }

  focus() {
    this.#field.focus({ preventScroll: true });
  }

  /** Takes the focus where the control that had it is gone; it brings no keyboard up. */
  takeFocus() {
    if (document.activeElement === document.body && !softKeyboard.matches) {
      this.focus();
    }
  }

  /** Shows what the button does now; `name` is what the model is called. */
  mode({ active, stopping, model }) {
    const mode = active ? (stopping ? 'stopping' : 'stop') : 'send';
    if (mode !== this.#mode) {
      this.#mode = mode;
      this.#changedAt = performance.now();
      this.#button.dataset.mode = mode;
      this.#button.setAttribute('aria-label', mode === 'send' ? words.send : mode === 'stop' ? words.stop : words.stopping);
      this.#hint.textContent = '';
    }
    render(mode === 'send' ? icons.send : icons.stop, this.#button);
    this.#field.placeholder = model === null ? words.message : words.messageTo(model);
    this.#check();
  }

  #pressed(event) {
    if (event.isComposing || event.keyCode === 229) {
      return; // this key belongs to the input method; Safari ends the composition before it tells of the key
    }
    const commanded = event.ctrlKey || event.metaKey;
    if (event.key === 'Enter' && !event.shiftKey && (commanded || !softKeyboard.matches)) {
      event.preventDefault();
      if (!event.repeat) {
        this.#send(commanded);
      }
    } else if (event.key === 'ArrowUp' && this.#field.value === '') {
      const question = this.#onRecall();
      if (question !== null) {
        event.preventDefault();
        this.#set(question);
      }
    }
  }

  #clicked(event) {
    const now = performance.now();
    const second = event.detail > 1 || now - this.#clickedAt < SETTLE_MS;
    const meantForStop = this.#mode === 'send' && now - this.#changedAt < SETTLE_MS;
    this.#clickedAt = now;
    if (second || meantForStop) {
      return;
    }
    if (this.#mode === 'send') {
      this.#send(false);
      this.focus();
    } else {
      this.#onStop();
    }
  }

  #send(interrupt) {
    const text = this.#field.value;
    if (text.trim() === '' || bytes(text) > LARGEST_MESSAGE) {
      return;
    }
    if (this.#mode !== 'send' && !interrupt) {
      this.#hint.textContent = words.waitForAnswer;
      return;
    }
    if (this.#onSend(text, interrupt)) {
      this.#hint.textContent = '';
      this.#set('');
      this.#keep();
    } else {
      this.#hint.textContent = this.#whyNot();
    }
  }

  #typed() {
    this.#check();
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#keep(), KEEP_AFTER_MS);
  }

  #keep() {
    clearTimeout(this.#timer);
    drafts.write(this.#sessionId, this.#field.value);
  }

  #set(text) {
    this.#field.value = text;
    this.#check();
  }

  #check() {
    const text = this.#field.value;
    const size = text.length * 3 > LARGEST_MESSAGE ? bytes(text) : 0;
    const tooLong = size > LARGEST_MESSAGE;
    if (tooLong) {
      this.#hint.textContent = words.tooLong(size, LARGEST_MESSAGE);
    } else if (this.#hint.classList.contains('wrong')) {
      this.#hint.textContent = '';
    }
    this.#hint.classList.toggle('wrong', tooLong);
    this.#field.setAttribute('aria-invalid', String(tooLong));
    this.#button.disabled = this.#mode === 'send' && (text.trim() === '' || tooLong);
    this.#button.setAttribute('aria-disabled', String(this.#mode === 'stopping'));
  }
}

const bytes = (text) => new TextEncoder().encode(text).length;
