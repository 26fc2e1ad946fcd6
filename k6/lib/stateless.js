// Callers that keep the conversation themselves: OpenAI's chat completions, streamed.
import sse from 'k6/x/sse';
import { sleep } from 'k6';
import { gateway, headers, model } from './target.js';
import { expected } from './model.js';
import * as measures from './measures.js';
import { pick, think } from './chat.js';

const QUESTIONS = ['What is water hammer?', 'Why do penstocks have valves?', 'How old are water mills?'];
const DEFAULT_MODEL = 'gemma3:4b';
/** Three keep-alives of a stateless stream (SSE-27) and a little. */
const SILENCE_MS = 31000;

/** One streamed answer. A stream that ends without [DONE] is torn, however it ends (SSE-34). */
export function complete({ tags = {}, length = '' } = {}) {
  const messages = [{ role: 'user', content: pick(QUESTIONS) + length }];
  const name = model || DEFAULT_MODEL;
  const asked = Date.now();
  let text = '';
  let done = false;
  let problem = null;
  const answer = sse.open(
    `${gateway(__VU)}/v1/chat/completions`,
    {
      method: 'POST',
      headers,
      body: JSON.stringify({ model: name, messages, stream: true }),
      silence: SILENCE_MS,
      tags: { ...tags, name: 'completion' },
    },
    (client) => {
      client.on('event', (event) => {
        if (event.data === '[DONE]') {
          done = true;
          return;
        }
        const chunk = JSON.parse(event.data);
        problem = chunk.error || problem;
        const delta = chunk.choices && chunk.choices[0] && chunk.choices[0].delta.content;
        if (delta) {
          if (!text) {
            measures.firstToken.add(event.time - asked, tags);
          }
          text += delta;
        }
      });
    },
  );
  if (answer.status !== 200) {
    measures.answers.add(1, { ...tags, outcome: 'refused' });
    sleep(measures.refused(answer, tags));
    return;
  }
  measures.answers.add(1, { ...tags, outcome: done ? 'completed' : 'failed' });
  const whole = expected(name, messages);
  const right = done ? whole === null || whole === text : problem !== null || answer.error !== '';
  if (!right) {
    measures.torn.add(1, tags);
    console.error(`a completion of ${text.length} characters ${done ? 'is not what the model says' : 'ended without [DONE]'}`);
  }
}

export function call({ least = 1, most = 5, ...how } = {}) {
  complete(how);
  think(least, most);
}
