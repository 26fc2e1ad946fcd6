/** A fenced code block: its language, a button that copies the exact source, and the text in one text node. */

import { copyWith } from './clipboard.js';
import { words } from './words.js';

export class CodeBlock {
  element = document.createElement('div');
  #label = document.createElement('span');
  #copy = document.createElement('button');
  #source = document.createTextNode('');

  constructor(language, source) {
    this.element.className = 'code';
    const head = document.createElement('div');
    head.className = 'code-head';
    this.#copy.type = 'button';
    this.#copy.textContent = words.copy;
    this.#copy.addEventListener('click', () =>
      copyWith(this.#copy, this.#source.data, { idle: words.copy, done: words.copied, failed: words.copyFailed }),
    );
    head.append(this.#label, this.#copy);
    const pre = document.createElement('pre');
    pre.tabIndex = 0;
    pre.dir = 'ltr';
    const code = document.createElement('code');
    code.append(this.#source);
    pre.append(code);
    this.element.append(head, pre);
    this.write(language, source);
  }

  /** Shows more of the same source without touching what is there, or another source. */
  write(language, source) {
    if (this.#label.textContent !== language) {
      this.#label.textContent = language;
      this.#copy.setAttribute('aria-label', words.copyCode(language));
    }
    const shown = this.#source.data;
    if (source.startsWith(shown)) {
      this.#source.appendData(source.slice(shown.length));
    } else {
      this.#source.data = source;
    }
  }
}
