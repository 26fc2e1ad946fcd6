/** The models and personas that can be chosen. Nothing waits for them. */

import { api } from './api.js';

/** Says `change` when something has become known. */
export class Catalog extends EventTarget {
  models = [];
  agents = [];

  /** Reads both lists; one that cannot be read stays as it is, and the server's defaults hold. */
  async load() {
    await Promise.all([
      this.#read('models', api.models),
      this.#read('agents', api.agents),
    ]);
  }

  /** The model of that name; the default one for null. */
  model(id) {
    return this.models.find((model) => (id === null ? model.penstock?.default : model.id === id)) ?? null;
  }

  agent(name) {
    return this.agents.find((agent) => agent.name === name) ?? null;
  }

  async #read(name, list) {
    try {
      this[name] = (await list()).data;
      this.dispatchEvent(new Event('change'));
    } catch (failure) {
      console.warn(`${name} could not be read: ${failure.message}`);
    }
  }
}
