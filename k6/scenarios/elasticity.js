// The load test of ADK's tutorial: 20 visitors, five more each second, for a minute; questions to
// /run and looks at /health four to one.
import * as adk from '../lib/adk.js';
import { duration } from '../lib/target.js';
import { nobodyRefused, handleSummary as summary } from '../lib/measures.js';

const seconds = duration('60s');
const VISITORS = 20;
const PER_SECOND = 5;

export const options = {
  scenarios: {
    visitors: {
      executor: 'ramping-vus',
      startVUs: PER_SECOND,
      stages: [
        { duration: `${VISITORS / PER_SECOND}s`, target: VISITORS },
        { duration: `${seconds - VISITORS / PER_SECOND}s`, target: VISITORS },
      ],
      gracefulRampDown: '60s',
      gracefulStop: '60s',
    },
  },
  thresholds: {
    ...nobodyRefused,
    'http_req_duration{name:run}': ['p(95)<60000'],
    'http_req_duration{name:health}': ['p(95)<500'],
    'answers{outcome:completed}': ['count>0'],
  },
};

export default () => adk.visit();
export const handleSummary = summary;
