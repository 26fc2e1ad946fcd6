/**
 * GitHub Markdown as DOM nodes (CP-32, CP-36, CP-54). What a model wrote becomes nodes only here: parsed by
 * marked, then sanitized by DOMPurify into a fragment. Images become links, raw HTML is shown as text.
 */

import { Lexer, Marked } from '../lib/marked/lib/marked.esm.js';
import '../lib/dompurify/dist/purify.min.js';
import { CodeBlock } from './code-block.js';
import { words } from './words.js';

const ALLOWED = {
  ALLOWED_TAGS: ['p', 'br', 'hr', 'h3', 'h4', 'h5', 'h6', 'ul', 'ol', 'li', 'blockquote', 'pre', 'code', 'em', 'strong', 'del', 'a', 'table', 'thead', 'tbody', 'tr', 'th', 'td'],
  ALLOWED_ATTR: ['href', 'title', 'class', 'start', 'align'],
  ALLOWED_URI_REGEXP: /^(?:https?|mailto):/i,
  ADD_URI_SAFE_ATTR: ['start', 'align'],
  ALLOW_DATA_ATTR: false,
  ALLOW_ARIA_ATTR: false,
  RETURN_DOM_FRAGMENT: true,
};

const purify = globalThis.DOMPurify;
purify.addHook('uponSanitizeAttribute', (_, attribute) => {
  if (attribute.attrName === 'class' && !/^language-[\w+#.-]+$/.test(attribute.attrValue)) {
    attribute.keepAttr = false;
  }
});

const escape = (text) =>
  text.replace(/[&<>"']/g, (sign) => `&#${sign.codePointAt(0)};`);

function hostOf(address) {
  try {
    return new URL(address).host;
  } catch {
    return ''; // no address of a host: the link keeps its text alone
  }
}

const marked = new Marked({
  gfm: true,
  renderer: {
    heading({ tokens, depth }) {
      const level = Math.min(depth + 2, 6);
      return `<h${level}>${this.parser.parseInline(tokens)}</h${level}>`;
    },
    html({ text, block }) {
      return block ? `<p>${escape(text.trimEnd()).replaceAll('\n', '<br>')}</p>` : escape(text);
    },
    image({ href, text }) {
      const host = hostOf(href);
      return `<a href="${escape(href)}">${escape(text || words.image)}${host === '' ? '' : ` (${escape(host)})`}</a>`;
    },
    checkbox({ checked }) {
      return checked ? '☑ ' : '☐ ';
    },
  },
});

/** Top-level tokens of `text`, whose line ends are LF. `links` are the reference definitions seen before it. */
export function tokensOf(text, links) {
  const lexer = new Lexer(marked.defaults);
  Object.assign(lexer.tokens.links, links);
  try {
    return lexer.lex(text);
  } catch (cause) {
    if (cause instanceof RangeError) {
      return [plain(text)]; // nested deeper than the parser's stack
    }
    throw cause;
  }
}

/** A token whose text is shown as it is. */
export const plain = (text) => ({ type: 'plain', raw: text });

/** The nodes of one token; a fenced code block comes as itself, so that it can grow. */
export function draw(token) {
  if (token.type === 'code') {
    return new CodeBlock(languageOf(token.lang), token.text);
  }
  if (token.type === 'plain') {
    const block = document.createElement('p');
    block.className = 'plain';
    block.textContent = token.raw;
    return block;
  }
  const fragment = sanitized([token]);
  fragment.querySelectorAll('a').forEach(decorateLink);
  fragment.querySelectorAll('pre').forEach(replaceCode);
  fragment.querySelectorAll('table').forEach(wrapTable);
  for (const block of fragment.children) {
    block.dir = 'auto';
  }
  return fragment;
}

function sanitized(tokens) {
  try {
    return purify.sanitize(marked.parser(tokens), ALLOWED);
  } catch (cause) {
    if (cause instanceof RangeError) {
      return draw(plain(tokens[0].raw));
    }
    throw cause;
  }
}

export const languageOf = (info) => info?.match(/^\S+/)?.[0] ?? '';

function decorateLink(link) {
  const address = link.getAttribute('href');
  if (address === null) {
    return;
  }
  link.target = '_blank';
  link.rel = 'noopener noreferrer nofollow';
  link.title = address;
}

function replaceCode(pre) {
  const code = pre.querySelector('code');
  const language = code?.className.replace('language-', '') ?? '';
  pre.replaceWith(new CodeBlock(language, pre.textContent.replace(/\n$/, '')).element);
}

function wrapTable(table) {
  const frame = document.createElement('div');
  frame.className = 'table';
  frame.tabIndex = 0;
  frame.role = 'region';
  frame.ariaLabel = words.table;
  table.replaceWith(frame);
  frame.append(table);
}
