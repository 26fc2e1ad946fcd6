/** Follows one turn over as many connections as it takes, without gap or repeat (CP-16, CP-21). */

import { api } from './api.js';
import { isTerminal } from './entry.js';
import { Failure } from './failures.js';
import { readEvents } from './sse.js';
import { Backoff, pause } from './waiting.js';

const SILENCE_MS = 15_000;
const BUSY_TRIES = 3;

/**
 * Delivers every event of a turn once and in order, and resolves after the terminal one.
 *
 * @param begin opens the first connection; repeated, under its one idempotency key, until a turn is known
 * @param turnId the turn, where it is known already
 * @param on `event(name, data)`; `live(requestId)` when a connection stands; `lost(reason)` when a connection is gone
 *     and another is tried; `busy(waitMs, failure)` when the server asked to come back later
 * @param patience an EventTarget whose `wake` ends a wait early
 * @throws Failure if the server refuses for good
 */
export async function followTurn({ begin, turnId = null, signal, on, patience }) {
  const backoff = new Backoff();
  let position = null;
  let refusals = 0;
  for (;;) {
    let wait = null;
    let early = true;
    try {
      const response = turnId === null ? await begin(signal) : await api.resume(turnId, position, signal);
      if (response.status === 204) {
        return;
      }
      turnId ??= response.headers.get('X-Turn-Id');
      on.live(response.headers.get('X-Request-Id'));
      for await (const { name, data: json, id } of readEvents(response.body, SILENCE_MS)) {
        const data = JSON.parse(json);
        backoff.reset();
        if (name === 'reconnect') {
          wait = data.retry_after_ms;
          on.lost(data.reason);
          break;
        }
        if (id !== null) {
          if (seen(position, id) && name !== 'snapshot') {
            continue;
          }
          position = id;
        }
        turnId ??= data.turn_id;
        on.event(name, data);
        if (isTerminal(name)) {
          return;
        }
      }
    } catch (cause) {
      signal.throwIfAborted();
      const failure = cause instanceof Failure ? cause : Failure.network();
      if (turnId === null && failure.busy && ++refusals < BUSY_TRIES) {
        wait = failure.retryAfterMs ?? backoff.next();
        early = false;
        on.busy(wait, failure);
      } else if (!comesBack(failure, turnId)) {
        throw failure;
      }
    }
    if (wait === null) {
      on.lost('connection');
    }
    await pause(wait ?? backoff.next(), signal, { early, wakers: [patience] });
  }
}

/** Seq rises over the whole turn, whatever the attempt (turns.md T-8). */
function seen(position, id) {
  return position !== null && seq(id) <= seq(position);
}

const seq = (id) => Number(id.slice(id.lastIndexOf('.') + 1));

/** A turn that exists is worth every attempt; one that does not is given up at a real refusal. */
function comesBack(failure, turnId) {
  return failure.code === 'network' || (turnId !== null && failure.status >= 429);
}
