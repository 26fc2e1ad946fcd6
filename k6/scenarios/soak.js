// Half an hour of ordinary chats. The runner holds the processes' memory against that of the
// beginning.
import * as chat from '../lib/chat.js';
import * as stateless from '../lib/stateless.js';
import { closing, duration } from '../lib/target.js';
import { nobodyRefused, handleSummary as summary } from '../lib/measures.js';

const seconds = duration('30m');
const CHATS = Number(__ENV.CHATS || 50);
const constant = (exec, vus) => ({ executor: 'constant-vus', exec, vus, duration: `${seconds}s`, gracefulStop: '60s' });

export const options = {
  scenarios: { chats: constant('chats', CHATS - 5), calls: constant('calls', 5) },
  thresholds: { ...nobodyRefused, first_token: ['p(95)<2000'] },
};

export const chats = () => chat.visit({ turns: 5, least: 1, most: 4, until: closing(seconds) });
export const calls = () => stateless.call({ least: 1, most: 4 });
export const handleSummary = summary;
