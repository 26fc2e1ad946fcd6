/** What can go wrong, and the one sentence a person is told about it. */

const SENTENCES = {
  invalid_request: 'The server did not accept this message.',
  context_length_exceeded: 'This chat has grown longer than the model can read. Start a new chat or choose a model with a longer context.',
  unauthenticated: 'You are not signed in, or your key is no longer valid.',
  forbidden: 'You are not allowed to do this.',
  not_found: 'This chat no longer exists.',
  model_not_found: 'This model is not served here any more. Choose another one.',
  agent_not_found: 'This persona does not exist any more. Choose another one.',
  method_not_allowed: 'The server does not know this action.',
  not_acceptable: 'The server cannot answer in the form this page needs.',
  unsupported_media_type: 'The server did not accept the form of this message.',
  turn_in_progress: 'Another answer is still being written in this chat. Send again when it is done.',
  cannot_continue: 'This model cannot go on with an answer it has begun. Regenerate it instead.',
  not_last_turn: 'The chat has moved on; only its last answer can be changed.',
  version_mismatch: 'This chat was changed elsewhere at the same moment. Try again.',
  payload_too_large: 'This message is too long.',
  idempotency_key_reused: 'This message could not be matched with an earlier attempt. Send it again.',
  rate_limited: 'You have sent many messages in a short time. Try again in a moment.',
  queue_full: 'All models are busy and the queue is full. Try again in a moment.',
  no_capacity: 'No model server is available right now. Try again in a moment.',
  queue_timeout: 'It took too long until a model was free. Try again.',
  store_unavailable: 'The chat store cannot be reached right now. Try again in a moment.',
  draining: 'The server is restarting. Try again in a moment.',
  upstream_failed: 'The model stopped working during this answer.',
  upstream_protocol: 'The model sent something that could not be understood.',
  upstream_truncated: 'The model broke off its answer.',
  upstream_timeout: 'The model did not answer in time.',
  deadline_exceeded: 'The answer took longer than allowed.',
  internal: 'Something went wrong on the server.',
  stale: 'This message was written earlier and never reached the server.',
  network: 'The server cannot be reached.',
};

/** Codes of turns that were refused before a model was asked; their question is not in the stored conversation (turns.md T-18). */
const AT_THE_DOOR = new Set(['rate_limited', 'queue_full', 'no_capacity', 'queue_timeout', 'draining']);

/** Codes after which the same request is repeated by itself, as far as the caller's patience goes. */
const BUSY = new Set([...AT_THE_DOOR, 'store_unavailable']);
const RETRYABLE = new Set([...BUSY, 'network', 'turn_in_progress', 'version_mismatch', 'upstream_failed', 'upstream_protocol', 'upstream_truncated', 'upstream_timeout', 'deadline_exceeded', 'internal', 'stale', 'idempotency_key_reused']);

/** A refused or failed request or turn. `message` is the code, which is never shown. */
export class Failure extends Error {
  constructor({ code, status = 0, requestId = null, retryAfterMs = null, retryable = RETRYABLE.has(code), turnId = null }) {
    super(code);
    this.code = code;
    this.status = status;
    this.requestId = requestId;
    this.retryAfterMs = retryAfterMs;
    this.retryable = retryable;
    this.turnId = turnId;
  }

  /** The server was not reached, or the connection broke. */
  static network() {
    return new Failure({ code: 'network' });
  }

  /** Of a response with problem+json (native-api.md 1), or with anything else a proxy may have put there. */
  static async of(response) {
    const problem = await response.json().catch(() => ({}));
    const seconds = Number(response.headers.get('Retry-After') ?? NaN);
    return new Failure({
      code: problem.code ?? (response.status === 503 || response.status === 502 ? 'no_capacity' : 'internal'),
      status: response.status,
      requestId: problem.request_id ?? response.headers.get('X-Request-Id'),
      retryAfterMs: problem.retry_after_ms ?? (Number.isNaN(seconds) ? null : seconds * 1000),
      turnId: problem.turn_id ?? null,
    });
  }

  /** The server had no place for it now. */
  get busy() {
    return BUSY.has(this.code);
  }

  /** It was refused before a model was asked. */
  get atTheDoor() {
    return AT_THE_DOOR.has(this.code);
  }

  /** What a person is told. */
  get sentence() {
    return SENTENCES[this.code] ?? SENTENCES.internal;
  }
}
