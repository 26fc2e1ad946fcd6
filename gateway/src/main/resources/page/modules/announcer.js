/** What is said to people who hear the page: short news in a status region, failures in an alert (CP-42). */

const QUEUE_EVERY_MS = 10_000;

export class Announcer {
  #said;
  #alarm;
  #queueAt = -QUEUE_EVERY_MS;

  constructor({ said, alarm }) {
    this.#said = said;
    this.#alarm = alarm;
  }

  say(text) {
    if (this.#said.textContent !== text) {
      this.#said.textContent = text;
    }
  }

  /** Places in the queue change often; one in ten seconds is enough to hear. */
  sayQueue(text) {
    if (performance.now() - this.#queueAt >= QUEUE_EVERY_MS) {
      this.#queueAt = performance.now();
      this.say(text);
    }
  }

  warn(text) {
    this.#alarm.textContent = text;
  }

  /** A new turn: an earlier failure is no news any more. */
  clear() {
    this.#alarm.textContent = '';
  }
}
