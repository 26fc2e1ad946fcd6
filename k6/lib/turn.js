// One stored turn as a client follows it: over as many connections as it takes, each event checked.
import crypto from 'k6/crypto';
import http from 'k6/http';
import sse from 'k6/x/sse';
import { sleep } from 'k6';
import { gateway, headers, read } from './target.js';
import * as measures from './measures.js';

const TERMINAL = {
  'turn.completed': 'completed',
  'turn.failed': 'failed',
  'turn.cancelled': 'cancelled',
  'turn.interrupted': 'interrupted',
};
/** Codes of turns that never began (T-18). */
const AT_THE_DOOR = ['queue_full', 'no_capacity', 'queue_timeout', 'draining'];
/** Three keep-alives of a native stream (SSE-27) and a little. */
const SILENCE_MS = 16000;
const CONNECTIONS = 60;

/**
 * Follows a turn from its question to its end.
 *
 * plan: {leaveAfter: deltas after which the connection is closed and another one asked for,
 *        cancelAfter: deltas after which the turn is cancelled,
 *        patience: how often a refused question is asked before it is given up}
 */
export class Turn {
  constructor(session, question, plan, tags) {
    this.session = session;
    this.question = question;
    this.plan = plan;
    this.tags = tags;
    this.patience = plan.patience || 3;
    this.text = '';
    this.seq = -1;
    this.deltas = 0;
    this.lastId = '';
    this.gaps = [];
    this.connections = 0;
    this.stayAway = 0;
    // The first gateway differs from user to user, the next one from connection to connection.
    this.at = __VU + Math.floor(Math.random() * 2);
  }

  /** Whether it was taken. Then it has ended and was checked; else every try was refused. */
  run() {
    const key = crypto.hexEncode(crypto.randomBytes(16));
    this.asked = Date.now();
    for (let attempt = 1; !this.id; attempt++) {
      const answer = this.connect(
        'POST',
        `/v1/sessions/${this.session}/turns`,
        { 'Idempotency-Key': key },
        JSON.stringify({ input: { text: this.question } }),
        'turn',
      );
      if (this.id) {
        break;
      }
      if (answer.status === 200) {
        // Its first event was lost; the head names it all the same.
        this.id = measures.header(answer, 'X-Turn-Id');
        break;
      }
      if (attempt === this.patience) {
        if (answer.status !== 0) {
          sleep(measures.refused(answer, this.tags));
        }
        return false;
      }
      // Asked again under its key it is the same turn, whether it was accepted or not (T-5, T-19).
      sleep(answer.status === 0 ? 1 : measures.refused(answer, this.tags));
    }
    while (!this.outcome && this.connections < CONNECTIONS) {
      this.comeBack();
    }
    this.judge();
    return true;
  }

  comeBack() {
    sleep(this.stayAway / 1000);
    this.stayAway = 0;
    const asked = Date.now();
    let first = true;
    const answer = this.connect(
      'GET',
      `/v1/turns/${this.id}/events`,
      this.lastId ? { 'Last-Event-ID': this.lastId } : {},
      '',
      'resume',
      () => {
        if (first) {
          first = false;
          measures.resumed.add(Date.now() - asked, this.tags);
        }
      },
    );
    if (answer.status === 200 || this.outcome) {
      return;
    }
    if (answer.status === 0 || answer.status === 429 || answer.status >= 500) {
      this.stayAway = 1000;
    } else {
      this.lose(`came back and was answered ${answer.status} ${answer.body}`);
      this.outcome = 'lost';
    }
  }

  connect(method, path, more, body, name, heard = () => {}) {
    const where = gateway(this.at + this.connections);
    this.connections++;
    this.live = method === 'POST';
    return sse.open(
      where + path,
      { method, body, headers: { ...headers, ...more }, silence: SILENCE_MS, tags: { ...this.tags, name } },
      (client) => {
        client.on('event', (event) => {
          heard();
          this.take(event, client);
        });
      },
    );
  }

  take(event, client) {
    const data = JSON.parse(event.data);
    if (event.id) {
      this.number(event);
    }
    switch (event.name) {
      case 'turn.accepted':
        this.id = data.turn_id;
        break;
      case 'delta':
        this.append(event, data.text, client);
        break;
      case 'snapshot':
        this.text = data.text;
        break;
      case 'reconnect':
        this.stayAway = data.retry_after_ms;
        break;
      case 'turn.queued':
        break;
      default:
        this.outcome = TERMINAL[event.name];
        this.end = data;
        if (this.outcome === 'failed' && this.text === '' && AT_THE_DOOR.includes(data.code)) {
          this.late = true;
          measures.lateRefusals.add(1, { ...this.tags, code: data.code });
        }
        if (this.cancelAsked) {
          measures.cancelled.add(event.time - this.cancelAsked, this.tags);
        }
    }
  }

  /**
   * Ids rise (SSE-16). A reader that is behind may get several deltas in one, under the id of the last
   * (SSE-18), so a gap between ids is counted and the text tells whether anything is missing.
   */
  number(event) {
    const seq = Number(event.id.slice(event.id.lastIndexOf('.') + 1));
    if (event.name !== 'snapshot') {
      if (seq <= this.seq) {
        measures.doubled.add(1, this.tags);
        console.error(`turn ${this.id}: ${event.id} after seq ${this.seq}`);
      } else if (seq > this.seq + 1) {
        measures.idGaps.add(1, this.tags);
      }
    }
    this.seq = seq;
    this.lastId = event.id;
  }

  append(event, text, client) {
    this.text += text;
    this.deltas++;
    if (this.deltas === 1) {
      measures.firstToken.add(event.time - this.asked, this.tags);
    } else if (this.live) {
      this.gaps.push(event.time - this.before);
    }
    this.before = event.time;
    if (this.deltas === this.plan.leaveAfter) {
      client.close();
    }
    if (this.deltas === this.plan.cancelAfter) {
      this.cancelAsked = Date.now();
      // On another gateway than the one that is read from.
      http.post(`${gateway(this.at + 1)}/v1/turns/${this.id}/cancel`, null, { headers, tags: { ...this.tags, name: 'cancel' } });
    }
  }

  lose(why) {
    measures.lost.add(1, this.tags);
    console.error(`turn ${this.id}: ${why}`);
  }

  tear(why) {
    measures.torn.add(1, this.tags);
    console.error(`turn ${this.id}: ${why}`);
  }

  /** Holds what was read against what is stored, on whichever gateway. */
  judge() {
    if (!this.outcome) {
      this.lose(`has no end after ${this.connections} connections`);
      this.outcome = 'lost';
    }
    measures.turns.add(1, { ...this.tags, outcome: this.late ? 'refused' : this.outcome });
    measures.tokens.add(this.deltas, this.tags);
    if (this.gaps.length > 0) {
      this.gaps.sort((a, b) => a - b);
      measures.gapMedian.add(this.gaps[this.gaps.length >> 1], this.tags);
      measures.gapLargest.add(this.gaps[this.gaps.length - 1], this.tags);
    }
    if (this.outcome === 'lost') {
      return;
    }
    const sum = crypto.sha256(this.text, 'hex');
    if (this.outcome === 'completed' && this.end.sha256 !== sum) {
      this.tear(`the text read has another SHA-256 than turn.completed tells`);
    }
    const answer = read(this.at + this.connections, `/v1/turns/${this.id}`, { ...this.tags, name: 'turn read' });
    if (answer.status !== 200) {
      this.lose(`cannot be read: ${answer.status}`);
      return;
    }
    const stored = answer.json();
    const output = stored.output || { text: '' };
    if (stored.state !== this.outcome) {
      this.lose(`is ${stored.state} in the store and ${this.outcome} on the wire`);
    }
    if ((output.text || '') !== this.text) {
      this.tear(`${this.text.length} characters were read and ${(output.text || '').length} are stored`);
    }
    this.model = stored.model;
  }
}
