// More and more people until the slots and the queue are full, then more still. What cannot be served
// is refused at the door, and what was accepted is served to its end.
import * as chat from '../lib/chat.js';
import { closing, duration } from '../lib/target.js';
import { nothingBroken, handleSummary as summary } from '../lib/measures.js';

const seconds = duration('3m');
const PEOPLE = Number(__ENV.CHATS || 500);

export const options = {
  scenarios: {
    crowd: {
      executor: 'ramping-vus',
      startVUs: 10,
      stages: [
        { duration: `${Math.round(seconds * 0.7)}s`, target: PEOPLE },
        { duration: `${Math.round(seconds * 0.3)}s`, target: PEOPLE },
      ],
      gracefulRampDown: '60s',
      gracefulStop: '60s',
    },
  },
  thresholds: {
    ...nothingBroken,
    refusals: ['count>0'], // or it was no stress
    refusals_late: ['count>=0'],
    'turns{outcome:failed}': ['count==0'],
    'turns{outcome:interrupted}': ['count==0'],
    'turns{outcome:completed}': ['count>0'],
  },
};

export default function crowd() {
  chat.visit({ turns: 5, least: 0.5, most: 1.5, until: closing(seconds), length: ' [tokens=90]' });
}

export const handleSummary = summary;
