// Where the users go, and what they bring: all of it from the environment, which the runner sets.
//
//   URLS            gateways, separated by commas
//   MODEL           what to ask; the gateway's default if unset
//   ORACLE_URL      a simulator to compute every expected answer; none where real models answer
//   API_KEY         Authorization: Bearer, for gateways that check keys
//   IDENTITY_TOKEN  X-Serverless-Authorization: Bearer, for a platform that checks callers
//   DURATION        of the scenario, like 30s, 5m or 1h
import { sleep } from 'k6';
import exec from 'k6/execution';
import http from 'k6/http';

const gateways = (__ENV.URLS || 'http://127.0.0.1:8080').split(',').map((url) => url.replace(/\/+$/, ''));

export const model = __ENV.MODEL || null;
export const oracle = __ENV.ORACLE_URL || null;

export const headers = {
  'Content-Type': 'application/json',
  ...(__ENV.API_KEY ? { Authorization: `Bearer ${__ENV.API_KEY}` } : {}),
  ...(__ENV.IDENTITY_TOKEN ? { 'X-Serverless-Authorization': `Bearer ${__ENV.IDENTITY_TOKEN}` } : {}),
};

/** The gateway of a user's nth connection: another one each time, where there are several. */
export function gateway(n) {
  return gateways[n % gateways.length];
}

/** A GET, asked again elsewhere where nobody could answer it just then: it changes nothing. */
export function read(n, path, tags) {
  let answer = null;
  for (let attempt = 0; attempt < 5; attempt++) {
    answer = http.get(gateway(n + attempt) + path, { headers, tags });
    if (answer.status !== 0 && answer.status !== 429 && answer.status !== 503) {
      break;
    }
    sleep(1);
  }
  return answer;
}

/** DURATION in seconds. */
export function duration(otherwise) {
  const text = __ENV.DURATION || otherwise;
  const match = /^(\d+(?:\.\d+)?)(s|m|h)$/.exec(text);
  if (!match) {
    throw new Error(`DURATION must be like 30s, 5m or 1h but is ${text}`);
  }
  return Number(match[1]) * { s: 1, m: 60, h: 3600 }[match[2]];
}

/** When this scenario's people go home, in milliseconds since 1970; only inside an iteration. */
export function closing(seconds) {
  return exec.scenario.startTime + seconds * 1000;
}
