// What is counted, and the rules that fail a run whatever the scenario.
import { Counter, Trend } from 'k6/metrics';

/** Turns by how they ended (tag outcome): completed, cancelled, failed, interrupted, refused. */
export const turns = new Counter('turns');
/** Answers of stateless calls, by outcome as well. */
export const answers = new Counter('answers');
/** Accepted, and then no end or no stored message. */
export const lost = new Counter('turns_lost');
/** An event or a stored message that came twice. */
export const doubled = new Counter('turns_doubled');
/** Text that is not the stored text, not the checksum's, or not what the model says. */
export const torn = new Counter('turns_torn');
/** Ids that rise by more than one: deltas that came as one event. */
export const idGaps = new Counter('id_gaps');
/** Refusals (tags status and code), and those that are not 429 or 503 with a Retry-After. */
export const refusals = new Counter('refusals');
export const badRefusals = new Counter('refusals_bad');
/**
 * Refusals that came inside a stream: the status line waits 250 ms for the proxy's word, and on a
 * machine that is slower than that the stream opens only to fail at the door (tag code).
 */
export const lateRefusals = new Counter('refusals_late');

export const firstToken = new Trend('first_token', true);
/** Of each turn the middle and the largest time between two deltas. */
export const gapMedian = new Trend('token_gap_median', true);
export const gapLargest = new Trend('token_gap_largest', true);
export const tokens = new Counter('deltas');
/** From asking again with the last id to the first event. */
export const resumed = new Trend('resumed_after', true);
export const cancelled = new Trend('cancelled_after', true);

/** Nothing lost, doubled or torn, and no refusal of the wrong kind, in any scenario. */
export const nothingBroken = {
  turns_lost: ['count==0'],
  turns_doubled: ['count==0'],
  turns_torn: ['count==0'],
  refusals_bad: ['count==0'],
  // So that the summary tells these apart.
  ...Object.fromEntries(
    ['completed', 'cancelled', 'interrupted', 'failed', 'refused'].map((outcome) => [`turns{outcome:${outcome}}`, ['count>=0']]),
  ),
  ...Object.fromEntries(
    ['rate_limited', 'queue_full', 'no_capacity', 'queue_timeout', 'store_unavailable', 'draining'].map((code) => [
      `refusals{code:${code}}`,
      ['count>=0'],
    ]),
  ),
};

/** No refusal at all, and no turn that failed: what is asked where there is room for everybody. */
export const nobodyRefused = {
  ...nothingBroken,
  refusals: ['count==0'],
  'turns{outcome:failed}': ['count==0'],
  'turns{outcome:interrupted}': ['count==0'],
  'answers{outcome:failed}': ['count==0'],
};

/** What k6 calls at the end; the runner makes the page of it. */
export function handleSummary(data) {
  return { [__ENV.SUMMARY || 'summary.json']: JSON.stringify(data) };
}

/** A refusal at the door; how long to stay away, in seconds. */
export function refused(response, tags) {
  const wait = Number(header(response, 'Retry-After'));
  const code = member(response.body, 'code');
  refusals.add(1, { ...tags, status: String(response.status), code });
  const proper = (response.status === 429 || response.status === 503) && wait >= 1 && wait <= 30;
  if (!proper) {
    badRefusals.add(1, tags);
    console.error(`refused with ${response.status} ${code}, Retry-After ${wait}: ${response.error || response.body}`);
  }
  return proper ? wait : 1;
}

export function header(response, name) {
  for (const [each, value] of Object.entries(response.headers || {})) {
    if (each.toLowerCase() === name.toLowerCase()) {
      return value;
    }
  }
  return undefined;
}

function member(body, name) {
  try {
    const problem = JSON.parse(body);
    return String(problem[name] || (problem.error && problem.error[name]) || '');
  } catch (_) {
    return '';
  }
}
