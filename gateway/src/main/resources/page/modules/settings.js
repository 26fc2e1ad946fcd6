/** Model, persona and the three sliders. A slider and its number field are one value; unset is the model's default (CP-30). */

import { html, render } from '../lib/lit-html/lit-html.js';
import { words } from './words.js';

const MAX_TOKENS = 8192;

/** `neutral` is where the slider stands while nothing is set. */
const fieldsFor = (limit) => [
  { name: 'temperature', min: 0, max: 2, step: 0.05, neutral: 1 },
  { name: 'top_p', min: 0, max: 1, step: 0.01, neutral: 1 },
  { name: 'max_tokens', min: 1, max: limit, step: 1, neutral: limit },
];

export class Settings {
  #panel;
  #model;
  #agent;
  #agentChoice;
  #chat;
  #catalog;

  constructor({ panel, model, agent, agentChoice, chat, catalog }) {
    this.#panel = panel;
    this.#model = model;
    this.#agent = agent;
    this.#agentChoice = agentChoice;
    this.#chat = chat;
    this.#catalog = catalog;
    model.addEventListener('change', () => this.#change({ model: model.value || null }));
    agent.addEventListener('change', () => this.#change({ agent: agent.value || null }));
  }

  draw() {
    this.#drawModels();
    this.#drawAgents();
    this.#drawOptions();
  }

  #change(choice) {
    this.#chat.choices.change(choice);
    this.#chat.dispatchEvent(new CustomEvent('change'));
  }

  #drawModels() {
    const { models } = this.#catalog;
    if (models.length === 0) {
      return;
    }
    if (this.#model.disabled) {
      this.#model.replaceChildren();
      this.#model.disabled = false;
    }
    const chosen = this.#catalog.model(this.#chat.choices.model)?.id ?? this.#chat.choices.model;
    const groups = Map.groupBy(models, (model) => model.penstock?.kind ?? 'self-hosted');
    const option = ({ id, penstock }) =>
      html`<option value=${id} .selected=${id === chosen} ?disabled=${penstock?.state === 'unavailable'}>${id}${words.modelState[penstock?.state] ?? ''}</option>`;
    const group = ([kind, members]) =>
      html`<optgroup label=${kind === 'managed' ? words.managed : words.selfHosted}>${members.map(option)}</optgroup>`;
    const unknown = chosen !== null && models.every(({ id }) => id !== chosen);
    render(html`${unknown ? html`<option value=${chosen} .selected=${true}>${chosen}</option>` : ''}${[...groups].map(group)}`, this.#model);
    this.#model.value = chosen ?? models[0].id;
  }

  #drawAgents() {
    const { agents } = this.#catalog;
    this.#agentChoice.hidden = agents.length === 0;
    const chosen = this.#chat.choices.agent ?? '';
    render(
      html`<option value="">${words.plainAssistant}</option>
        ${agents.map(({ name }) => html`<option value=${name}>${name}</option>`)}`,
      this.#agent,
    );
    this.#agent.value = chosen;
  }

  #drawOptions() {
    const { choices } = this.#chat;
    const limit = this.#catalog.model(choices.model)?.penstock?.max_output_tokens ?? MAX_TOKENS;
    render(
      html`
        <h2 class="unseen">${words.settings}</h2>
        ${fieldsFor(limit).map((field) => this.#option(field, choices.options[field.name] ?? null))}
        <p class="offers">
          <span>${words.settingsHold}</span>
          <button type="button" @click=${() => this.#reset()}>${words.reset}</button>
        </p>
      `,
      this.#panel,
    );
  }

  #option({ name, min, max, step, neutral }, value) {
    const set = (event) => {
      const typed = event.currentTarget.value;
      const number = typed === '' ? null : clamp(Number(typed), min, max, step);
      this.#change({ options: { [name]: number } });
    };
    return html`
      <div class="option" data-set=${value !== null}>
        <p><label for="option-${name}">${words.options[name]}</label> <small id="help-${name}">${words.optionHelp[name]}</small></p>
        <input id="slider-${name}" type="range" min=${min} max=${max} step=${step} .value=${String(value ?? neutral)}
          aria-label=${words.options[name]} aria-valuetext=${value ?? words.unset} @input=${set} />
        <input id="option-${name}" type="number" inputmode="decimal" min=${min} max=${max} step=${step}
          .value=${value === null ? '' : String(value)} placeholder=${words.unset} aria-describedby="help-${name}" @change=${set} />
      </div>
    `;
  }

  #reset() {
    this.#change({ options: Object.fromEntries(fieldsFor(MAX_TOKENS).map(({ name }) => [name, null])) });
  }
}

function clamp(number, min, max, step) {
  const within = Math.min(max, Math.max(min, Number.isFinite(number) ? number : min));
  return step === 1 ? Math.round(within) : within;
}
