/** Puts the page together: the document's elements, the conversation, and what connects them. */

import { access } from './access.js';
import { Announcer } from './announcer.js';
import { api } from './api.js';
import { Catalog } from './catalog.js';
import { Chat } from './chat.js';
import { Composer } from './composer.js';
import { Dialogs } from './dialogs.js';
import { drafts } from './drafts.js';
import { Failure } from './failures.js';
import { Follow } from './follow.js';
import { outbox } from './outbox.js';
import { SessionList, titleOf } from './session-list.js';
import { Settings } from './settings.js';
import { installShortcuts } from './shortcuts.js';
import { SignIn } from './sign-in.js';
import { Sidebar, Disclosure } from './disclosure.js';
import { Status } from './status.js';
import { Transcript } from './transcript.js';
import { words } from './words.js';

const LOOK_AROUND_MS = 5000;

const element = (id) => document.getElementById(id);
let opened = false;

const chat = new Chat();
const catalog = new Catalog();
const announcer = new Announcer({ said: element('said'), alarm: element('alarm') });
const dialogs = new Dialogs(element('dialogs'));
const follow = new Follow(element('scroller'), element('latest'));
const sidebar = new Sidebar({ body: document.body, button: element('toggle-sidebar'), veil: element('veil') });
const panel = new Disclosure(element('settings'), element('toggle-settings'));
const composer = new Composer({
  field: element('message'),
  button: element('send'),
  hint: element('hint'),
  onSend: (text, interrupt) => opened && !access.signedOut && chat.send(text, { interrupt }),
  whyNot: () => (access.signedOut ? words.signInFirst : words.notYet),
  onStop: () => chat.stop(),
  onRecall: () => chat.entries.findLast((entry) => entry.question !== null)?.question ?? null,
});
const transcript = new Transcript(element('transcript'), { chat, catalog, onSuggestion: (text) => composer.offer(text) });
const status = new Status(element('status'), { chat, announcer });
const settings = new Settings({ panel: element('settings'), model: element('model'), agent: element('agent'), agentChoice: element('agent-choice'), chat, catalog });
const sessions = new SessionList(element('sessions'), { onDelete: deleteSession });
const signIn = new SignIn({ panel: element('sign-in'), person: element('person'), onLeave: leave });

function draw() {
  transcript.draw();
  status.draw();
  settings.draw();
  const { active } = chat;
  const model = catalog.model(chat.choices.model)?.id ?? chat.choices.model;
  composer.mode({ active: active !== null, stopping: active?.stopping ?? false, model });
  sessions.mark(chat.sessionId, active !== null);
}

/** The server takes the first question's beginning for a title; until it has said so, this does the same. */
function titleNow() {
  const question = chat.entries[0]?.question ?? null;
  return chat.session.title === null && question !== null ? Array.from(question).slice(0, 60).join('') : titleOf(chat.session);
}

function showTitle() {
  const title = chat.session === null ? words.newChat : titleNow();
  element('title').textContent = title;
  document.title = chat.session === null ? words.product : `${title} · ${words.product}`;
}

const addressOf = (sessionId) => (sessionId === null ? '/' : `/?session=${sessionId}`);
const addressed = () => new URLSearchParams(location.search).get('session');

function go(sessionId) {
  sidebar.closeDrawer();
  if (sessionId !== chat.sessionId || chat.failure !== null) {
    history.pushState(null, '', addressOf(sessionId));
    chat.open(sessionId);
  }
  composer.focus();
}

async function deleteSession(session) {
  const title = titleOf(session);
  if (!(await dialogs.ask({ title: words.deleteQuestion(title), detail: words.deleteConsequence, confirm: words.deleteConfirm }))) {
    return false;
  }
  try {
    await api.deleteSession(session.id);
  } catch (failure) {
    if (!(failure instanceof Failure) || failure.code !== 'not_found') {
      announcer.warn(failure.sentence);
      return false;
    }
  }
  if (session.id === chat.sessionId) {
    go(null);
  }
  return true;
}

async function loadOlder() {
  const scroller = element('scroller');
  if (loadOlder.running || !chat.hasOlder || scroller.scrollTop > 200) {
    return;
  }
  loadOlder.running = true;
  try {
    const below = scroller.scrollHeight - scroller.scrollTop;
    await chat.loadOlder();
    scroller.scrollTop = scroller.scrollHeight - below;
  } catch (failure) {
    console.warn(`earlier messages could not be read: ${failure.message}`); // scrolling asks again
  } finally {
    loadOlder.running = false;
  }
}

function ended(entry) {
  const count = entry.text.split(/\s+/).filter((word) => word !== '').length;
  if (entry.failure !== null) {
    announcer.warn(entry.failure.sentence);
    follow.keep();
  } else {
    announcer.say(entry.state === 'completed' ? words.said.complete(count) : words.stopped);
  }
  sessions.refresh();
}

chat.addEventListener('opened', () => {
  outbox.named(null);
  composer.show(chat.sessionId);
  announcer.clear();
  showTitle();
  draw();
  follow.restore();
});
chat.addEventListener('change', draw);
chat.addEventListener('loaded', () => follow.keep());
chat.addEventListener('named', () => {
  showTitle();
  composer.rename(chat.sessionId);
  if (addressed() !== chat.sessionId) {
    history.replaceState(null, '', addressOf(chat.sessionId));
    outbox.named(chat.sessionId);
  }
});
chat.addEventListener('sent', () => {
  announcer.clear();
  draw();
  composer.takeFocus();
  follow.restore();
});
chat.addEventListener('began', () => {
  announcer.say(words.said.answering);
  sessions.refresh();
});
chat.addEventListener('ended', ({ detail }) => ended(detail));
chat.addEventListener('draft', ({ detail }) => composer.offer(detail));
catalog.addEventListener('change', draw);

document.addEventListener('click', (event) => {
  const link = event.target.closest('a[data-session], #new-chat, a[data-new-chat]');
  if (link !== null && event.button === 0 && !event.ctrlKey && !event.metaKey && !event.shiftKey && !event.altKey) {
    event.preventDefault();
    go(link.dataset.session ?? null);
  }
});
element('scroller').addEventListener('scroll', loadOlder, { passive: true });
element('sessions').addEventListener('renamed', ({ detail: session }) => {
  if (session.id === chat.sessionId) {
    chat.session = session;
    showTitle();
  }
});
element('sessions').addEventListener('refused', ({ detail: failure }) => announcer.warn(failure.sentence));
addEventListener('popstate', () => {
  if (addressed() !== chat.sessionId || chat.failure !== null) {
    chat.open(addressed());
  }
});
document.querySelector('.skip').addEventListener('click', (event) => {
  event.preventDefault();
  composer.focus();
});
installShortcuts({
  onNewChat: () => go(null),
  onSidebar: () => sidebar.toggle(),
  onKeys: () => dialogs.keys(),
  onEscape: () => {
    if (panel.close() || sidebar.closeDrawer()) {
      composer.focus();
    } else {
      chat.stop();
    }
  },
});

function comeBack() {
  if (document.visibilityState === 'visible' && opened && !access.signedOut) {
    sessions.refresh();
    chat.lookAround();
  }
}
addEventListener('focus', comeBack);
document.addEventListener('visibilitychange', comeBack);
setInterval(() => document.visibilityState === 'visible' && !access.signedOut && chat.lookAround(), LOOK_AROUND_MS);

/** Forgets what is kept of the person who was here, and begins anew. */
function forget() {
  composer.clear();
  drafts.clear();
  outbox.clear();
  location.replace('/');
}

async function leave() {
  try {
    await access.leave();
  } catch (failure) {
    announcer.warn(failure.sentence);
    return;
  }
  forget();
}

function goOn(sessionId) {
  if (!access.isSamePerson()) {
    composer.clear();
    drafts.clear();
    outbox.clear();
  }
  outbox.readmit();
  opened = true;
  signIn.draw(null);
  chat.open(sessionId);
  catalog.load();
  sessions.refresh();
}

function askToSignIn(why) {
  signIn.draw(why);
  announcer.warn(why);
}

/** The address says it where signing in did not work; a reload is not to say it again. */
function cameBackInVain() {
  const address = new URL(location.href);
  const failed = address.searchParams.has('sign_in');
  address.searchParams.delete('sign_in');
  if (failed) {
    history.replaceState(null, '', address);
  }
  return failed;
}

access.addEventListener('signed-in', () => {
  announcer.clear();
  goOn(chat.sessionId ?? addressed());
});
access.addEventListener('signed-out', () => askToSignIn(words.signedOut));
access.addEventListener('left', forget);

async function start(sessionId) {
  let allowed = true;
  const failed = cameBackInVain();
  opened = sessionId === null; // what is sent from here waits for nothing
  try {
    allowed = await access.look();
  } catch (failure) {
    console.warn(`who is signed in could not be told: ${failure.message}`); // requests will tell
  }
  if (!allowed) {
    askToSignIn(failed ? words.signInFailed : words.signedOut);
  } else if (chat.live === null) {
    goOn(sessionId);
  } else {
    signIn.draw();
    catalog.load();
    sessions.refresh();
  }
}

// A reload that began while a new chat was becoming a session comes back to the address without it.
const first = addressed() ?? outbox.opened();
if (first !== addressed()) {
  history.replaceState(null, '', addressOf(first));
}
composer.show(first, { taken: true });
chat.opening = first !== null;
showTitle();
draw();
start(first);
