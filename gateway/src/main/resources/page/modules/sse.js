/** Server-sent events read from a fetch body, as WHATWG interprets them (sse.md 8). */

const LARGEST_EVENT = 4 * 1024 * 1024;

/** Turns text, fed in pieces cut anywhere, into events `{name, data, id}`; `id` is null where the event carries none. */
export class SseDecoder {
  #rest = '';
  #data = [];
  #name = '';
  #id = null;
  #size = 0;

  /** The events completed by `text`, in order. */
  feed(text) {
    const events = [];
    const input = this.#rest + text;
    let from = 0;
    for (let at = from; at < input.length; at++) {
      const sign = input[at];
      if (sign !== '\n' && sign !== '\r') {
        continue;
      }
      if (sign === '\r' && at + 1 === input.length) {
        break; // an LF that belongs to this CR may come with the next piece
      }
      this.#line(input.slice(from, at), events);
      if (sign === '\r' && input[at + 1] === '\n') {
        at++;
      }
      from = at + 1;
    }
    this.#rest = input.slice(from);
    if (this.#rest.length + this.#size > LARGEST_EVENT) {
      throw new RangeError('an event of the stream is too large');
    }
    return events;
  }

  #line(line, events) {
    if (line === '') {
      if (this.#data.length > 0) {
        events.push({ name: this.#name || 'message', data: this.#data.join('\n'), id: this.#id });
      }
      this.#data = [];
      this.#name = '';
      this.#id = null;
      this.#size = 0;
      return;
    }
    const colon = line.indexOf(':');
    const field = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? '' : line.slice(line[colon + 1] === ' ' ? colon + 2 : colon + 1);
    if (field === 'data') {
      this.#data.push(value);
      this.#size += value.length;
    } else if (field === 'event') {
      this.#name = value;
    } else if (field === 'id' && !value.includes('\0')) {
      this.#id = value;
    }
  }
}

/**
 * The events of a response's body. Ends when the body ends; throws when it breaks, or when nothing,
 * not even a keep-alive, came for `silenceMs`. Leaving the loop closes the connection.
 */
export async function* readEvents(body, silenceMs) {
  const reader = body.getReader();
  const characters = new TextDecoder();
  const decoder = new SseDecoder();
  try {
    for (;;) {
      const { done, value } = await unlessSilent(reader.read(), silenceMs);
      if (done) {
        return;
      }
      yield* decoder.feed(characters.decode(value, { stream: true }));
    }
  } finally {
    reader.cancel().catch(() => {}); // a broken body says again here what read() has said
  }
}

function unlessSilent(read, silenceMs) {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error('the stream is silent')), silenceMs);
    read.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}
