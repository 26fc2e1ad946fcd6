// People who chat: a session, some turns with time to think in between, now and then a reader that
// comes back elsewhere or an answer that is stopped.
import http from 'k6/http';
import { sleep } from 'k6';
import { gateway, headers, model, read } from './target.js';
import { expected } from './model.js';
import * as measures from './measures.js';
import { Turn } from './turn.js';

const INSTRUCTION = 'You are a guide in a museum of water power.';
const TOPICS = ['penstocks', 'turbines', 'surge tanks', 'dams', 'fish ladders', 'spillways', 'mills', 'tides'];
const QUESTIONS = [
  'What should a visitor know about $?',
  'And how do $ fail?',
  'Give me a list of things to look at near $.',
  'Who had the idea of $, and where?',
  'Explain $ to a child.',
];

export function pick(list) {
  return list[Math.floor(Math.random() * list.length)];
}

/** Seconds between least and most. */
export function think(least, most) {
  sleep(least + Math.random() * (most - least));
}

/** One person's chat of some turns. */
export class Chat {
  /** length: a directive of the simulator for the length of answers, like [tokens=60]; real models ignore it. */
  constructor({ tags = {}, length = '' } = {}) {
    this.tags = tags;
    this.length = length;
    this.history = [{ role: 'system', content: INSTRUCTION }];
    this.topic = pick(TOPICS);
    this.asked = 0;
  }

  /** Whether there is a session now; a refusal is counted. */
  begin() {
    const answer = http.post(
      `${gateway(__VU)}/v1/sessions`,
      JSON.stringify({ instruction: INSTRUCTION, ...(model ? { model } : {}) }),
      { headers, tags: { ...this.tags, name: 'session' } },
    );
    if (answer.status !== 201) {
      sleep(measures.refused(answer, this.tags));
      return false;
    }
    this.id = answer.json('id');
    return true;
  }

  /** Asks the next question; how it ended, "refused" included. */
  ask(plan = {}) {
    const question = pick(QUESTIONS).replace('$', this.topic) + ` (${++this.asked})${this.length}`;
    const turn = new Turn(this.id, question, plan, this.tags);
    if (!turn.run()) {
      measures.turns.add(1, { ...this.tags, outcome: 'refused' });
      return 'refused';
    }
    this.compare(turn);
    return turn.outcome;
  }

  /** Against what the model says, which for an answer that was stopped begins with it. */
  compare(turn) {
    if (turn.outcome === 'lost') {
      return;
    }
    const asked = [...this.history, { role: 'user', content: turn.question }];
    const whole = expected(turn.model, asked);
    const right = whole === null || (turn.outcome === 'completed' ? whole === turn.text : whole.startsWith(turn.text));
    if (!right) {
      turn.tear(`it says ${JSON.stringify(turn.text.slice(0, 80))}, the model ${JSON.stringify(whole.slice(0, 80))}`);
    }
    if (turn.text) {
      this.history = [...asked, { role: 'assistant', content: turn.text }];
    }
  }

  /** Reads the conversation back: every message once, in order, as it was said. */
  readBack() {
    const answer = read(__VU + 1, `/v1/sessions/${this.id}/messages?limit=100`, { ...this.tags, name: 'messages' });
    if (answer.status !== 200) {
      measures.lost.add(1, this.tags);
      console.error(`the messages of session ${this.id} cannot be read: ${answer.status}`);
      return;
    }
    const stored = answer.json('data').map((message) => message.text);
    const said = this.history.slice(1).map((message) => message.content);
    if (stored.length > said.length && new Set(stored).size < stored.length) {
      measures.doubled.add(1, this.tags);
      console.error(`session ${this.id} has ${stored.length} messages, ${said.length} were said`);
    } else if (JSON.stringify(stored) !== JSON.stringify(said)) {
      measures.lost.add(1, this.tags);
      console.error(`session ${this.id} has ${stored.length} messages, ${said.length} were said, or others`);
    }
  }
}

/** What people do with an answer: mostly read it, sometimes lose the connection, sometimes stop it. */
export function habit() {
  const dice = Math.random();
  if (dice < 0.15) {
    return { leaveAfter: 5 + Math.floor(Math.random() * 20) };
  }
  if (dice < 0.25) {
    return { cancelAfter: 5 + Math.floor(Math.random() * 20) };
  }
  return {};
}

/** A whole visit: some turns and then a look at all that was said. */
export function visit({ turns = 4, least = 1, most = 5, until = Infinity, ...how } = {}) {
  if (Date.now() >= until) {
    sleep(1);
    return;
  }
  const chat = new Chat(how);
  if (!chat.begin()) {
    return;
  }
  for (let n = 0; n < turns && Date.now() < until; n++) {
    chat.ask(habit());
    think(least, most);
  }
  chat.readBack();
}
