/** Every text the page shows, but for the sentences about failures (failures.js). */

const numbers = new Intl.NumberFormat('en');
const ordinals = new Intl.PluralRules('en', { type: 'ordinal' });
const SUFFIXES = { one: 'st', two: 'nd', few: 'rd', other: 'th' };

const ordinal = (n) => `${n}${SUFFIXES[ordinals.select(n)]}`;
const wait = (seconds) => (seconds < 5 ? 'a few seconds' : `about ${duration(seconds)}`);
const duration = (seconds) =>
  seconds < 90 ? `${numbers.format(seconds)} s` : `${numbers.format(Math.round(seconds / 60))} min`;
const counted = (n, one, many) => `${numbers.format(n)} ${n === 1 ? one : many}`;

export const words = {
  product: 'Penstock',
  newChat: 'New chat',
  untitled: 'Untitled chat',
  you: 'You',
  assistant: 'Assistant',
  plainAssistant: 'No persona',
  selfHosted: 'Self-hosted',
  managed: 'Gemini – leaves this installation',
  modelState: { ready: '', loading: ' (loading)', unavailable: ' (not available)' },

  greeting: 'What would you like to know?',
  suggestions: [
    'What do red pandas eat?',
    'Explain how a penstock works, in three sentences.',
    'Write a haiku about rivers.',
  ],

  message: 'Message…',
  messageTo: (model) => `Message ${model}…`,
  send: 'Send',
  stop: 'Stop',
  tooLong: (bytes, limit) =>
    `This message is too long: ${numbers.format(bytes)} of ${numbers.format(limit)} bytes.`,
  waitForAnswer: 'The answer is still coming. Ctrl+Enter stops it and sends this.',
  notYet: 'The chat is still opening.',

  sending: 'Sending…',
  reading: 'Reading your question…',
  starting: 'Starting the model…',
  startingServer: 'Starting a model server…',
  queued: (position, seconds) =>
    `${position === 1 ? 'Next in the queue' : `${ordinal(position)} in the queue`}, ${wait(seconds)}`,
  answering: 'Answering…',
  stopping: 'Stopping…',
  reconnecting: 'Reconnecting…',
  restarting: 'The server is restarting…',
  back: 'Back, nothing lost',
  busy: (seconds) => `Busy, trying again in ${duration(Math.max(1, seconds))}`,
  tryNow: 'Try now',
  cancel: 'Cancel',
  offline: 'You are offline. What is here can still be read.',

  stopped: 'Stopped',
  interrupted: 'Interrupted; the text so far is kept',
  cutByLength: 'The answer reached its length limit',
  filtered: 'The answer was ended by a content filter',
  notSent: 'Not sent',
  requestId: 'Request id',

  copy: 'Copy',
  copied: 'Copied',
  copyFailed: 'Copying failed',
  copyCode: (language) => `Copy ${language || 'code'}`,
  regenerate: 'Regenerate',
  continue: 'Continue',
  retry: 'Try again',
  edit: 'Edit',
  figures: (firstTokenMs, tokensPerSecond) =>
    [
      firstTokenMs === null ? null : `${numbers.format(firstTokenMs)} ms to first token`,
      tokensPerSecond === null ? null : `${numbers.format(tokensPerSecond)} tokens/s`,
    ]
      .filter((part) => part !== null)
      .join(' · '),

  said: {
    answering: 'Answering',
    complete: (count) => `Answer complete, ${counted(count, 'word', 'words')}`,
    queued: (position, seconds) =>
      `${position === 1 ? 'Next' : ordinal(position)} in the queue, ${wait(seconds)}`,
  },

  older: 'Loading earlier messages…',
  noChats: 'Your chats appear here.',
  generating: 'answering',
  rename: (title) => `Rename ${title}`,
  renameField: 'Title',
  delete: (title) => `Delete ${title}`,
  deleteQuestion: (title) => `Delete “${title}”?`,
  deleteConsequence: 'Its messages are gone for good, on every device.',
  deleteConfirm: 'Delete',
  gone: 'This chat was deleted',
  goneDetail: 'It no longer exists, or it never did under this address.',

  signIn: 'Sign in',
  signInWith: (provider) => `Sign in with ${provider}`,
  signInFailed: 'Signing in did not work. Try again.',
  signInFirst: 'Sign in first; what you wrote stays here.',
  signedOut: 'You are not signed in, or your sign-in has ended. What you wrote is kept.',
  key: 'API key',
  orKey: 'Or with an API key',
  keyKept: 'It is kept until this tab is closed.',
  wrongKey: 'This key is not valid.',
  signedIn: 'Signed in',
  signOut: 'Sign out',

  settings: 'Settings',
  options: {
    temperature: 'Temperature',
    top_p: 'Top P',
    max_tokens: 'Max tokens',
  },
  optionHelp: {
    temperature: 'Higher is more varied',
    top_p: 'Share of likely words considered',
    max_tokens: 'Longest answer',
  },
  unset: 'default',
  reset: 'Reset to defaults',
  settingsHold: 'They hold from the next answer on.',

  keys: 'Keyboard',
  keyList: [
    ['Enter', 'Send'],
    ['Shift+Enter', 'New line'],
    ['Ctrl+Enter', 'Send, stopping a running answer'],
    ['Esc', 'Close what is open, else stop the answer'],
    ['↑', 'Last question, in an empty field'],
    ['Ctrl+Shift+O', 'New chat'],
    ['Ctrl+B', 'Show or hide the chats'],
    ['Ctrl+/', 'This list'],
  ],
  close: 'Close',

  image: 'image',
  table: 'Table',
};
