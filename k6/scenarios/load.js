// 200 chats at once, five minutes, with room for all of them: nobody is refused, nothing is broken.
import * as chat from '../lib/chat.js';
import * as stateless from '../lib/stateless.js';
import { closing, duration } from '../lib/target.js';
import { nobodyRefused, handleSummary as summary } from '../lib/measures.js';

const seconds = duration('5m');
const CHATS = Number(__ENV.CHATS || 200);
const constant = (exec, vus) => ({ executor: 'constant-vus', exec, vus, duration: `${seconds}s`, gracefulStop: '60s' });

export const options = {
  scenarios: {
    chats: constant('chats', Math.round(CHATS * 0.9)),
    calls: constant('calls', CHATS - Math.round(CHATS * 0.9)),
  },
  thresholds: { ...nobodyRefused, first_token: ['p(95)<3000'], 'turns{outcome:completed}': ['count>0'] },
};

let begun = false;

// People do not come all in the same instant, but within the first seconds.
function arrive() {
  if (!begun) {
    begun = true;
    chat.think(0, Math.min(10, seconds / 6));
  }
}

export function chats() {
  arrive();
  chat.visit({ turns: 5, least: 1, most: 5, until: closing(seconds) });
}

export function calls() {
  arrive();
  stateless.call({ least: 1, most: 5 });
}

export const handleSummary = summary;
