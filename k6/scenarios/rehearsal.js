// A day in minutes: few people, then many, then few again, while the services are scaled by their
// load. An instance that is stopped may cut a reader, who comes back, or interrupt a turn, which is
// kept; nothing may be lost, doubled or torn.
import * as chat from '../lib/chat.js';
import { closing, duration } from '../lib/target.js';
import { nothingBroken, handleSummary as summary } from '../lib/measures.js';

const seconds = duration('4m');
const PEOPLE = Number(__ENV.CHATS || 24);
const part = (share) => `${Math.round(seconds * share)}s`;

export const options = {
  scenarios: {
    day: {
      executor: 'ramping-vus',
      startVUs: 2,
      stages: [
        { duration: part(0.15), target: 2 },
        { duration: part(0.2), target: PEOPLE },
        { duration: part(0.3), target: PEOPLE },
        { duration: part(0.1), target: 2 },
        { duration: part(0.25), target: 2 },
      ],
      gracefulRampDown: '60s',
      gracefulStop: '60s',
    },
  },
  thresholds: { ...nothingBroken, 'turns{outcome:completed}': ['count>0'], 'turns{outcome:failed}': ['count==0'] },
};

export default () => chat.visit({ turns: 3, least: 0.5, most: 2, until: closing(seconds) });
export const handleSummary = summary;
