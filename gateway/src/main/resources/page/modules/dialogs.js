/** The two dialogs: one question, and the list of keys. The browser returns the focus to the opener. */

import { html, render } from '../lib/lit-html/lit-html.js';
import { words } from './words.js';

export class Dialogs {
  #root;

  constructor(root) {
    this.#root = root;
  }

  /** Resolves true if the person confirms. */
  ask({ title, detail, confirm }) {
    return this.#show(
      (close) => html`
        <h2>${title}</h2>
        <p>${detail}</p>
        <p class="offers">
          <button type="button" autofocus @click=${() => close('')}>${words.cancel}</button>
          <button type="button" class="danger" @click=${() => close('yes')}>${confirm}</button>
        </p>
      `,
    ).then((answer) => answer === 'yes');
  }

  keys() {
    return this.#show(
      (close) => html`
        <h2>${words.keys}</h2>
        <dl>${words.keyList.map(([key, meaning]) => html`<div><dt><kbd>${key}</kbd></dt><dd>${meaning}</dd></div>`)}</dl>
        <p class="offers"><button type="button" autofocus @click=${() => close('')}>${words.close}</button></p>
      `,
    );
  }

  #show(content) {
    if (this.#root.querySelector('dialog') !== null) {
      return Promise.resolve('');
    }
    const dialog = document.createElement('dialog');
    dialog.setAttribute('aria-labelledby', 'dialog-title');
    render(content((answer) => dialog.close(answer)), dialog);
    dialog.querySelector('h2').id = 'dialog-title';
    this.#root.append(dialog);
    dialog.showModal();
    return new Promise((resolve) => {
      dialog.addEventListener('close', () => {
        dialog.remove();
        resolve(dialog.returnValue);
      });
    });
  }
}
