/** The native API over fetch (native-api.md). Every refusal and every lost connection is thrown as a Failure. */

import { access } from './access.js';
import { Failure } from './failures.js';

const UNARY_LIMIT_MS = 20_000;
const PAGE = 50;

async function call(method, path, { body, headers = {}, signal, stream = false }) {
  const sent = { ...access.headers, ...headers, Accept: stream ? 'text/event-stream' : 'application/json' };
  if (body !== undefined) {
    sent['Content-Type'] = 'application/json';
  }
  let response;
  try {
    response = await fetch(path, {
      method,
      headers: sent,
      body: body === undefined ? undefined : JSON.stringify(body),
      signal: stream ? signal : AbortSignal.any([AbortSignal.timeout(UNARY_LIMIT_MS), ...(signal ? [signal] : [])]),
      cache: 'no-store',
    });
  } catch (cause) {
    throw signal?.aborted ? cause : Failure.network();
  }
  if (!response.ok && response.status !== 304) {
    if (response.status === 401) {
      access.refused();
    }
    throw await Failure.of(response);
  }
  return response;
}

async function json(method, path, request = {}) {
  const response = await call(method, path, request);
  try {
    return await response.json();
  } catch (cause) {
    throw request.signal?.aborted ? cause : Failure.network();
  }
}

const query = (values) =>
  new URLSearchParams(Object.entries(values).filter(([, value]) => value !== null && value !== undefined));

const keyed = (key) => ({ 'Idempotency-Key': key });

export const api = {
  models: () => json('GET', '/v1/models'),
  agents: () => json('GET', '/v1/agents'),

  sessions: (after) => json('GET', `/v1/sessions?${query({ limit: PAGE, after })}`),
  session: (id, signal) => json('GET', `/v1/sessions/${id}`, { signal }),

  /** The session, or null where it is still the one with that `version`. */
  async sessionUnless(id, version, signal) {
    const response = await call('GET', `/v1/sessions/${id}`, { headers: { 'If-None-Match': `"${version}"` }, signal });
    return response.status === 304 ? null : response.json();
  },
  createSession: (body, key, signal) => json('POST', '/v1/sessions', { body, headers: keyed(key), signal }),
  changeSession: (id, patch) => json('PATCH', `/v1/sessions/${id}`, { body: patch }),
  deleteSession: (id) => call('DELETE', `/v1/sessions/${id}`, {}),

  messages: (id, after, signal) =>
    json('GET', `/v1/sessions/${id}/messages?${query({ limit: PAGE, order: 'desc', after })}`, { signal }),
  turns: (id, after, signal) =>
    json('GET', `/v1/sessions/${id}/turns?${query({ limit: PAGE, order: 'desc', after })}`, { signal }),
  newestTurn: async (id, signal) =>
    (await json('GET', `/v1/sessions/${id}/turns?limit=1&order=desc`, { signal })).data[0] ?? null,
  turn: (id, signal) => json('GET', `/v1/turns/${id}`, { signal }),
  cancelTurn: (id) => json('POST', `/v1/turns/${id}/cancel`),

  /** A response whose body is the turn's events from `turn.accepted` on. */
  begin: (path, body, key, signal) => call('POST', path, { body, headers: keyed(key), signal, stream: true }),

  /** A response whose body is what follows `position`, or status 204 when nothing does. */
  resume: (turnId, position, signal) =>
    call('GET', `/v1/turns/${turnId}/events`, {
      headers: position === null ? {} : { 'Last-Event-ID': position },
      signal,
      stream: true,
    }),
};
