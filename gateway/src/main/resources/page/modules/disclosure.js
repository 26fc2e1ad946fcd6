/** What can be shown and hidden: the settings panel, and the list of chats, which is a drawer on narrow screens. */

const narrow = matchMedia('(max-width: 719px)');

/** A panel and the button that opens it; the button says whether it is open. */
export class Disclosure {
  #panel;
  #button;

  constructor(panel, button) {
    this.#panel = panel;
    this.#button = button;
    button.addEventListener('click', () => this.#show(panel.hidden));
  }

  /** Whether there was something to close. */
  close() {
    const open = !this.#panel.hidden;
    this.#show(false);
    return open;
  }

  #show(open) {
    this.#panel.hidden = !open;
    this.#button.setAttribute('aria-expanded', String(open));
  }
}

export class Sidebar {
  #body;
  #button;
  #veil;

  constructor({ body, button, veil }) {
    this.#body = body;
    this.#button = button;
    this.#veil = veil;
    button.addEventListener('click', () => this.toggle());
    veil.addEventListener('click', () => this.closeDrawer());
    narrow.addEventListener('change', () => this.#show(!narrow.matches));
    this.#show(!narrow.matches);
  }

  toggle() {
    this.#show(this.#body.dataset.sidebar !== 'open');
  }

  /** Closes it where it covers the conversation; whether it did. */
  closeDrawer() {
    const covers = narrow.matches && this.#body.dataset.sidebar === 'open';
    if (covers) {
      this.#show(false);
    }
    return covers;
  }

  #show(open) {
    this.#body.dataset.sidebar = open ? 'open' : 'closed';
    this.#button.setAttribute('aria-expanded', String(open));
    this.#veil.hidden = !(open && narrow.matches);
  }
}
