// What the model must say: a simulator of the runner's own, asked the same past Penstock, computes it.
import http from 'k6/http';
import { oracle } from './target.js';

/**
 * The whole answer to these messages, or null where nobody can know it. Every token of a simulated
 * answer is a function of the conversation, so a lost or repeated message shows in it too.
 */
export function expected(name, messages) {
  if (!oracle) {
    return null;
  }
  const answer = http.post(
    `${oracle}/api/chat`,
    JSON.stringify({ model: name, messages, stream: false, think: false, options: { num_predict: 8192 } }),
    { headers: { 'Content-Type': 'application/json' }, tags: { name: 'oracle' } },
  );
  if (answer.status !== 200) {
    throw new Error(`the oracle answers ${answer.status}: ${answer.body}`);
  }
  return answer.json('message.content');
}
