/** The conversation on screen: one section per turn, its answer drawn by itself (answer-text.js). */

import { html, nothing, render } from '../lib/lit-html/lit-html.js';
import { repeat } from '../lib/lit-html/directives/repeat.js';
import { copyWith } from './clipboard.js';
import { icons } from './icons.js';
import { words } from './words.js';

export class Transcript {
  #root;
  #chat;
  #catalog;
  #onSuggestion;

  constructor(root, { chat, catalog, onSuggestion }) {
    this.#root = root;
    this.#chat = chat;
    this.#catalog = catalog;
    this.#onSuggestion = onSuggestion;
  }

  draw() {
    const { entries, failure, opening, hasOlder } = this.#chat;
    render(
      html`
        ${hasOlder ? html`<p class="older">${words.older}</p>` : nothing}
        ${repeat(entries, (entry) => entry.key, (entry) => this.#turn(entry, entry === entries.at(-1)))}
        ${failure === null ? nothing : this.#cannotShow(failure)}
        ${entries.length === 0 && failure === null && !opening ? this.#welcome() : nothing}
      `,
      this.#root,
    );
  }

  #welcome() {
    const persona = this.#catalog.agent(this.#chat.choices.agent);
    const model = this.#catalog.model(this.#chat.choices.model);
    return html`
      <div class="welcome">
        <p class="greeting">${words.greeting}</p>
        <p class="with">${[persona?.name, model?.id].filter(Boolean).join(' · ') || words.product}</p>
        ${persona?.description ? html`<p class="with">${persona.description}</p>` : nothing}
        <ul>
          ${words.suggestions.map(
            (text) => html`<li><button type="button" @click=${() => this.#onSuggestion(text)}>${text}</button></li>`,
          )}
        </ul>
      </div>
    `;
  }

  #cannotShow(failure) {
    const gone = failure.code === 'not_found' || failure.code === 'invalid_request'; // no id, or none of ours
    return html`
      <div class="welcome">
        <p class="greeting">${gone ? words.gone : failure.sentence}</p>
        ${gone ? html`<p class="with">${words.goneDetail}</p>` : this.#requestId(failure)}
        <p><a class="button" href="/" data-new-chat>${words.newChat}</a></p>
      </div>
    `;
  }

  #turn(entry, isLast) {
    return html`
      <section class="turn" data-state=${entry.state}>
        ${entry.question === null ? nothing : this.#question(entry)}
        ${this.#reply(entry, isLast)}
      </section>
    `;
  }

  #reply(entry, isLast) {
    if (entry.state === 'unsent') {
      return this.#unsent(entry);
    }
    return entry.state === 'pending' && entry.text === '' ? nothing : this.#answer(entry, isLast);
  }

  #question(entry) {
    return html`
      <article class="question">
        <h2 class="unseen">${words.you}</h2>
        <div class="bubble" dir="auto">${entry.question}</div>
        ${entry.state === 'pending' && entry.text === '' ? html`<p class="mark">${words.sending}</p>` : nothing}
      </article>
    `;
  }

  #unsent(entry) {
    return html`
      <div class="failure">
        <p><strong>${words.notSent}.</strong> ${entry.failure.sentence} ${this.#requestId(entry.failure)}</p>
        <p class="offers">
          ${this.#retry(entry)}
          <button type="button" @click=${() => this.#chat.edit(entry)}>${words.edit}</button>
        </p>
      </div>
    `;
  }

  #answer(entry, isLast) {
    return html`
      <article class="answer">
        <h2>${this.#by(entry)}</h2>
        ${entry.drawing.element}
        <div class="actions" ?inert=${entry.active} data-waiting=${entry.active}>
          ${this.#how(entry)} ${this.#actions(entry, isLast)}
          <span class="figures">${figuresOf(entry)}</span>
        </div>
        ${entry.failure === null ? nothing : this.#failed(entry, isLast)}
      </article>
    `;
  }

  #by(entry) {
    const name = this.#catalog.agent(entry.agent)?.name ?? words.assistant;
    return entry.model === null ? name : html`${name} <span>${entry.model}</span>`;
  }

  #how({ state, finishReason }) {
    const text =
      { cancelled: words.stopped, interrupted: words.interrupted }[state] ??
      { length: words.cutByLength, content_filter: words.filtered }[finishReason];
    return text === undefined ? nothing : html`<span class="how">${text}</span>`;
  }

  #actions(entry, isLast) {
    const copy = (event) =>
      copyWith(event.currentTarget, entry.text, { idle: words.copy, done: words.copied, failed: words.copyFailed });
    const again = isLast && entry.turnId !== null && entry.failure === null && !entry.active;
    return html`
      ${entry.text === '' ? nothing : html`<button type="button" @click=${copy}>${icons.copy}<span>${words.copy}</span></button>`}
      ${again
        ? html`<button type="button" @click=${() => this.#chat.regenerate(entry)}>${icons.regenerate}<span>${words.regenerate}</span></button>`
        : nothing}
      ${isLast && this.#continuable(entry)
        ? html`<button type="button" @click=${() => this.#chat.continue(entry)}>${icons.continue}<span>${words.continue}</span></button>`
        : nothing}
    `;
  }

  #continuable(entry) {
    return entry.continuable && entry.turnId !== null && this.#catalog.model(entry.model)?.penstock?.continues !== false;
  }

  #failed(entry, isLast) {
    return html`
      <div class="failure">
        <p>${entry.failure.sentence} ${this.#requestId(entry.failure)}</p>
        ${isLast && entry.failure.retryable ? html`<p class="offers">${this.#retry(entry)}</p>` : nothing}
      </div>
    `;
  }

  #retry(entry) {
    return this.#chat.active === null
      ? html`<button type="button" @click=${() => this.#chat.retry(entry)}>${words.retry}</button>`
      : nothing;
  }

  #requestId({ requestId }) {
    return requestId === null ? nothing : html`<span class="request-id">${words.requestId} <code>${requestId}</code></span>`;
  }
}

function figuresOf({ timings, usage, state }) {
  if (state !== 'completed' || timings === null) {
    return nothing;
  }
  const { first_token_ms: first = null, decode_ms: decode = null } = timings;
  const rate = decode > 0 && usage !== null ? Math.round((usage.output_tokens * 1000) / decode) : null;
  return words.figures(first, rate);
}
