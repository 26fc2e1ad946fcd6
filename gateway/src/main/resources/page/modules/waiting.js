/** Waits that end early when the person, or the network, comes back. */

const RETRIES_MS = [500, 1000, 2000, 4000, 8000];

/** The waits between attempts to reach the server: CP-21's steps, each ± 20 %. */
export class Backoff {
  #attempt = 0;

  next() {
    const base = RETRIES_MS[Math.min(this.#attempt++, RETRIES_MS.length - 1)];
    return base * (0.8 + 0.4 * Math.random());
  }

  reset() {
    this.#attempt = 0;
  }
}

/** Resolves after `ms`; with `early`, also as soon as the page is online, shown or focused again. Rejects when `signal` aborts. */
export function pause(ms, signal, { early = false, wakers = [] } = {}) {
  return new Promise((resolve, reject) => {
    const over = new AbortController();
    const end = (settle) => {
      clearTimeout(timer);
      over.abort();
      settle();
    };
    const timer = setTimeout(() => end(resolve), ms);
    const listen = (target, name) => target.addEventListener(name, () => end(resolve), { signal: over.signal });
    if (early) {
      listen(window, 'online');
      listen(window, 'pageshow');
      listen(window, 'focus');
    }
    wakers.forEach((target) => listen(target, 'wake'));
    signal.addEventListener('abort', () => end(() => reject(signal.reason)), { signal: over.signal });
    if (signal.aborted) {
      end(() => reject(signal.reason));
    }
  });
}
