// Callers of the Agent Development Kit's API: sessions by their own ids, whole answers.
import crypto from 'k6/crypto';
import http from 'k6/http';
import { sleep } from 'k6';
import { gateway, headers, read } from './target.js';
import * as measures from './measures.js';
import { pick, think } from './chat.js';

const APP = 'production_agent';
const QUESTIONS = [
  'What do red pandas typically eat in the wild?',
  'Can you tell me an interesting fact about snow leopards?',
  'Why are poison dart frogs so brightly colored?',
  'Where can I find the new baby kangaroo in the zoo?',
  'What is the name of your oldest gorilla?',
  'What time is the daily penguin feeding?',
];

const id = () => crypto.hexEncode(crypto.randomBytes(8));
let visitor = null;

/** A visitor who keeps one session: four questions to one look at /health, 1 to 3 s between them. */
export function visit(tags = {}) {
  visitor = visitor || begin(tags);
  if (visitor && Math.random() < 0.8) {
    ask(visitor, tags);
  } else {
    const answer = http.get(`${gateway(0)}/health`, { headers, tags: { ...tags, name: 'health' } });
    if (answer.status !== 200 || answer.json('status') !== 'healthy') {
      measures.badRefusals.add(1, tags);
    }
  }
  think(1, 3);
}

function begin(tags) {
  const who = { user: `user_${id()}`, session: `session_${id()}`, answers: [] };
  const answer = http.post(
    `${gateway(0)}/apps/${APP}/users/${who.user}/sessions/${who.session}`,
    JSON.stringify({ state: { user_type: 'load_test_user' } }),
    { headers, tags: { ...tags, name: 'adk session' } },
  );
  if (answer.status !== 200) {
    sleep(measures.refused(answer, tags));
    return null;
  }
  return who;
}

function ask(who, tags) {
  const answer = http.post(
    `${gateway(0)}/run`,
    JSON.stringify({
      app_name: APP,
      user_id: who.user,
      session_id: who.session,
      new_message: { role: 'user', parts: [{ text: pick(QUESTIONS) }] },
    }),
    { headers, tags: { ...tags, name: 'run' }, timeout: '300s' },
  );
  if (answer.status !== 200) {
    measures.answers.add(1, { ...tags, outcome: 'refused' });
    sleep(measures.refused(answer, tags));
    return;
  }
  const events = answer.json();
  const text = events[events.length - 1].content.parts.map((part) => part.text || '').join('');
  measures.answers.add(1, { ...tags, outcome: 'completed' });
  who.answers.push(text);
  keeps(who, tags);
}

/** The session has every answer, once and in order. */
function keeps(who, tags) {
  const path = `/apps/${APP}/users/${who.user}/sessions/${who.session}`;
  const answer = read(0, path, { ...tags, name: 'adk session read' });
  const kept = answer
    .json('events')
    .filter((event) => event.author === APP)
    .map((event) => event.content.parts.map((part) => part.text || '').join(''));
  if (JSON.stringify(kept) !== JSON.stringify(who.answers)) {
    (kept.length > who.answers.length ? measures.doubled : measures.lost).add(1, tags);
    console.error(`session ${who.session} has ${kept.length} answers, ${who.answers.length} were given, or others`);
  }
}
