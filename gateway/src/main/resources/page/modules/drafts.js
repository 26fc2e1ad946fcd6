/** What was typed and not sent, per session, kept in this browser (CP-6). */

const PREFIX = 'penstock.draft.';
const name = (sessionId) => PREFIX + (sessionId ?? 'new');

export const drafts = {
  read: (sessionId) => localStorage.getItem(name(sessionId)) ?? '',

  write(sessionId, text) {
    if (text === '') {
      localStorage.removeItem(name(sessionId));
    } else {
      store(name(sessionId), text);
    }
  },

  /** Forgets all of them, as at signing out. */
  clear: () => Object.keys(localStorage).filter((key) => key.startsWith(PREFIX)).forEach((key) => localStorage.removeItem(key)),
};

/** Keeps `value` if there is room; a full or forbidden store must not stop anybody from typing. */
export function store(key, value) {
  try {
    localStorage.setItem(key, value);
    return true;
  } catch (refused) {
    console.warn(`could not be kept over a reload: ${refused.name}`);
    return false;
  }
}
