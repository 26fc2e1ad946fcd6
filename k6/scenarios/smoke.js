// Half a minute: everything once or twice. Times are not judged: this also runs on machines that are
// busy with something else.
import * as chat from '../lib/chat.js';
import * as stateless from '../lib/stateless.js';
import * as adk from '../lib/adk.js';
import { nothingBroken, handleSummary as summary } from '../lib/measures.js';

const few = (exec, vus, iterations) => ({ executor: 'per-vu-iterations', exec, vus, iterations, maxDuration: '60s' });

export const options = {
  scenarios: {
    readers: few('reader', 2, 1),
    leavers: few('leaver', 2, 1),
    stoppers: few('stopper', 2, 1),
    callers: few('caller', 2, 2),
    visitors: few('visitor', 2, 3),
  },
  thresholds: {
    ...nothingBroken,
    'turns{outcome:completed}': ['count==10'],
    'turns{outcome:cancelled}': ['count==2'],
    'answers{outcome:completed}': ['count>=4'], // and what the visitors asked
    'turns{outcome:failed}': ['count==0'],
    'answers{outcome:failed}': ['count==0'],
    resumed_after: ['max<20000'],
    first_token: ['max<20000'],
  },
};

function chatOf(...plans) {
  const one = new chat.Chat();
  if (one.begin()) {
    for (const plan of plans) {
      one.ask(plan);
      chat.think(0.2, 0.5);
    }
    one.readBack();
  }
}

export const reader = () => chatOf({}, {});
export const leaver = () => chatOf({ leaveAfter: 8 }, {});
export const stopper = () => chatOf({ cancelAfter: 8 }, {});
export const caller = () => stateless.call({ least: 0.2, most: 0.5 });
export const visitor = () => adk.visit();
export const handleSummary = summary;
