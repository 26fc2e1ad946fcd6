// Ten times as many people for half a minute. Who was there before keeps being served, who is too
// many is told when to come back, and ten seconds after the crowd has left all is as before.
import * as chat from '../lib/chat.js';
import { duration } from '../lib/target.js';
import { nothingBroken, handleSummary as summary } from '../lib/measures.js';

const seconds = duration('3m');
const USUAL = Number(__ENV.CHATS || 20);
const CROWD_AT = Math.round(seconds / 3);
const CROWD_FOR = Math.round(seconds / 6);
const RECOVERY = 10;

export const options = {
  scenarios: {
    usual: { executor: 'constant-vus', exec: 'usual', vus: USUAL, duration: `${seconds}s`, gracefulStop: '60s' },
    crowd: {
      executor: 'constant-vus',
      exec: 'crowd',
      vus: USUAL * 9,
      startTime: `${CROWD_AT}s`,
      duration: `${CROWD_FOR}s`,
      gracefulStop: '60s',
    },
  },
  thresholds: {
    ...nothingBroken,
    refusals_late: ['count==0'],
    'refusals{phase:during}': ['count>=0'],
    'refusals{phase:recovered}': ['count==0'],
    'refusals{phase:before}': ['count==0'],
    'turns{outcome:failed}': ['count==0'],
    'turns{outcome:interrupted}': ['count==0'],
    'first_token{phase:before}': ['p(95)<2000'],
    'first_token{phase:during}': ['p(95)>=0'],
    'first_token{phase:recovered}': ['p(95)<2000'],
  },
};

export function setup() {
  return { began: Date.now() };
}

// Of the moment a question is asked: what waits in the queue when the crowd has left is the crowd's.
function phase(began) {
  const at = (Date.now() - began) / 1000;
  if (at < CROWD_AT) {
    // Code that has just been started is slow, with and without a crowd.
    return at < CROWD_AT / 3 ? 'warming' : 'before';
  }
  return at < CROWD_AT + CROWD_FOR + RECOVERY ? 'during' : 'recovered';
}

function talk(began, until, turns) {
  const one = new chat.Chat({ length: ' [tokens=90]', tags: { phase: phase(began) } });
  if (!one.begin()) {
    return;
  }
  for (let n = 0; n < turns && Date.now() < until; n++) {
    one.tags = { phase: phase(began) };
    one.ask({ ...chat.habit(), patience: 1 });
    chat.think(0.5, 2);
  }
  one.readBack();
}

export const usual = (data) => talk(data.began, data.began + seconds * 1000, 5);

export function crowd(data) {
  talk(data.began, data.began + (CROWD_AT + CROWD_FOR) * 1000, 5);
}

export const handleSummary = summary;
