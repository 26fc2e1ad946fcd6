/** What is shown to somebody who is not signed in, and who is signed in to everybody else. */

import { html, nothing, render } from '../lib/lit-html/lit-html.js';
import { access } from './access.js';
import { words } from './words.js';

export class SignIn {
  #panel;
  #person;
  #onLeave;
  #why = null;
  #problem = null;
  #asking = false;

  /** `panel` holds the form, `person` who is signed in; `onLeave()` follows the button. */
  constructor({ panel, person, onLeave }) {
    this.#panel = panel;
    this.#person = person;
    this.#onLeave = onLeave;
  }

  /** Shows what may be done now; `why` says what led here. */
  draw(why = this.#why) {
    this.#why = why;
    this.#panel.hidden = !access.signedOut;
    render(access.signedOut ? this.#form() : nothing, this.#panel);
    const { required, signed_in: signedIn, name } = access.state;
    render(required && signedIn && !access.signedOut ? this.#who(name) : nothing, this.#person);
  }

  #form() {
    const { key, provider } = access.state;
    return html`
      <h2 id="sign-in-title">${words.signIn}</h2>
      ${this.#why === null ? nothing : html`<p>${this.#why}</p>`}
      ${provider === null ? nothing : html`<p><a id="provider" class="button" href=${access.address}>${words.signInWith(provider)}</a></p>`}
      ${key ? this.#keyForm(provider !== null) : nothing}
      <p class="wrong" role="alert">${this.#problem ?? ''}</p>
    `;
  }

  #keyForm(isAlternative) {
    return html`
      <form @submit=${(event) => this.#submit(event)}>
        <label for="api-key">${isAlternative ? words.orKey : words.key}</label>
        <div class="field">
          <input id="api-key" type="password" autocomplete="off" spellcheck="false" required aria-describedby="api-key-kept" ?disabled=${this.#asking} />
          <button type="submit" class="button" ?disabled=${this.#asking}>${words.signIn}</button>
        </div>
        <p id="api-key-kept" class="with">${words.keyKept}</p>
      </form>
    `;
  }

  #who(name) {
    return html`<span class="name" dir="auto">${name ?? words.signedIn}</span><button id="sign-out" type="button" @click=${() => this.#onLeave()}>${words.signOut}</button>`;
  }

  async #submit(event) {
    event.preventDefault();
    const field = event.currentTarget.querySelector('input');
    this.#asking = true;
    this.#problem = null;
    this.draw();
    try {
      this.#problem = (await access.enter(field.value)) ? null : words.wrongKey;
    } catch (failure) {
      this.#problem = failure.sentence;
    }
    this.#asking = false;
    if (this.#problem === null) {
      field.value = '';
    }
    this.draw();
    if (this.#problem !== null) {
      field.select();
    }
  }
}
