/**
 * Draws an answer as it grows (CP-50): finished top-level blocks are drawn once and stay, the open one is
 * drawn again, at most once per frame and with four times the last draw's cost in between.
 */

import { CodeBlock } from './code-block.js';
import { draw, languageOf, plain, tokensOf } from './markdown.js';

const REST = 4;
/** An open block beyond this is shown as plain text until it ends; parsing it for each draw would freeze the page. */
const LARGEST_OPEN_BLOCK = 100_000;

/** A line that may define a link, which blocks drawn before it may use. */
const DEFINITION = /^ {0,3}\[[^\]]+\]:/m;

/** `element` says `drawn` (bubbling) whenever it has changed. */
export class AnswerText {
  element = document.createElement('div');
  #text = '';
  #final = false;
  #finished = '';
  #links = {};
  #open = [];
  #frame = 0;
  #notBefore = 0;

  constructor() {
    this.element.className = 'text';
  }

  /** Shows `text`; at once where it is final, else with the next free frame. */
  set(text, final) {
    const next = text.replace(/\r\n?/g, '\n');
    if (!final && next.length < this.#text.length && this.#text.startsWith(next)) {
      return; // a replay has not yet reached what is on screen
    }
    this.#text = next;
    this.#final = final;
    if (final) {
      cancelAnimationFrame(this.#frame);
      this.#frame = 0;
      this.#draw();
    } else if (this.#frame === 0) {
      this.#frame = requestAnimationFrame((now) => this.#drawWhenRested(now));
    }
  }

  #drawWhenRested(now) {
    if (now < this.#notBefore) {
      this.#frame = requestAnimationFrame((next) => this.#drawWhenRested(next));
      return;
    }
    this.#frame = 0;
    const began = performance.now();
    this.#draw();
    const ended = performance.now();
    this.#notBefore = ended + REST * (ended - began);
  }

  #draw() {
    const redefined = this.#final && this.#finished !== '' && DEFINITION.test(this.#text);
    if (redefined || !this.#text.startsWith(this.#finished)) {
      this.#clear();
    }
    if (this.#final || this.#text.length - this.#finished.length < LARGEST_OPEN_BLOCK) {
      this.#finish();
    }
    const open = this.#text.slice(this.#finished.length);
    this.#drawOpen(open.length < LARGEST_OPEN_BLOCK ? tokensOf(open, this.#links) : [plain(open)]);
    this.element.dispatchEvent(new Event('drawn', { bubbles: true }));
  }

  /**
   * Leaves alone from now on the blocks that no further text can change: those followed by another block of
   * which at least one line is complete.
   */
  #finish() {
    const complete = this.#text.slice(this.#finished.length, this.#text.lastIndexOf('\n') + 1);
    const tokens = tokensOf(complete, this.#links);
    const last = tokens.findLastIndex((token) => token.type !== 'space');
    if (last < 1) {
      return;
    }
    const finished = tokens.slice(0, last);
    this.#drawOpen(finished);
    this.#open = [];
    for (const token of finished) {
      this.#finished += token.raw;
      if (token.type === 'def') {
        this.#links[token.tag] ??= { href: token.href, title: token.title };
      }
    }
  }

  /** Makes the open blocks those of `tokens`; what is the same, or a code block that has grown, keeps its nodes. */
  #drawOpen(tokens) {
    const shown = tokens.filter((token) => token.type !== 'space' && token.type !== 'def');
    const same = shown.findIndex((token, at) => !keeps(this.#open[at], token));
    const kept = same < 0 ? shown.length : same;
    this.#open.splice(kept).forEach(({ nodes }) => nodes.forEach((node) => node.remove()));
    for (const token of shown.slice(kept)) {
      const drawn = draw(token);
      const nodes = nodesOf(drawn);
      this.element.append(...nodes);
      this.#open.push({ raw: token.raw, code: drawn instanceof CodeBlock ? drawn : null, nodes });
    }
  }

  #clear() {
    this.element.replaceChildren();
    this.#finished = '';
    this.#links = {};
    this.#open = [];
  }
}

/** Whether the block that is drawn can stand for the token, which it then does. */
function keeps(block, token) {
  if (block === undefined || (block.raw !== token.raw && (block.code === null || token.type !== 'code'))) {
    return false;
  }
  block.raw = token.raw;
  block.code?.write(languageOf(token.lang), token.text);
  return true;
}

function nodesOf(drawn) {
  if (drawn instanceof CodeBlock) {
    return [drawn.element];
  }
  const nodes = drawn instanceof DocumentFragment ? [...drawn.childNodes] : [drawn];
  return nodes.filter((node) => node.nodeType !== Node.TEXT_NODE || node.data.trim() !== '');
}
