// The first people of the day: no model server runs when they ask. They wait, are told so, and get
// their answers; nobody is turned away.
import * as chat from '../lib/chat.js';
import { nobodyRefused, handleSummary as summary } from '../lib/measures.js';

export const options = {
  scenarios: {
    early: { executor: 'per-vu-iterations', vus: Number(__ENV.CHATS || 10), iterations: 1, maxDuration: '120s' },
  },
  thresholds: { ...nobodyRefused, first_token: ['max<60000'], 'turns{outcome:completed}': ['count>0'] },
};

export default function early() {
  const one = new chat.Chat({ length: ' [tokens=60]' });
  if (one.begin()) {
    one.ask();
    chat.think(0.5, 1);
    one.ask();
    one.readBack();
  }
}

export const handleSummary = summary;
