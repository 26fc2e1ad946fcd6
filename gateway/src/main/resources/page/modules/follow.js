/**
 * Whether the view follows the answer (CP-11). A state that only the person changes: any move upwards ends
 * it, reaching the end or the button restores it. Layout changes never do.
 */

const AT_END = 8;

export class Follow {
  #scroller;
  #button;
  #following = true;
  #top = 0;
  #height = 0;
  #view = 0;

  constructor(scroller, button) {
    this.#scroller = scroller;
    this.#button = button;
    scroller.addEventListener('scroll', () => this.#scrolled(), { passive: true });
    scroller.addEventListener('wheel', (event) => event.deltaY < 0 && this.#leave(), { passive: true });
    scroller.addEventListener('drawn', () => this.keep());
    button.addEventListener('click', () => this.restore());
    new ResizeObserver(() => this.keep()).observe(scroller);
    let touched = 0;
    scroller.addEventListener('touchstart', (event) => (touched = event.touches[0].clientY), { passive: true });
    scroller.addEventListener('touchmove', (event) => event.touches[0].clientY > touched && this.#leave(), { passive: true });
  }

  get following() {
    return this.#following;
  }

  /** Goes to the end and follows from there. */
  restore() {
    this.#set(true);
    this.keep();
  }

  /** Stays at the end, if it follows; called when text has grown or the view has changed its size. */
  keep() {
    if (this.#following) {
      this.#scroller.scrollTop = this.#scroller.scrollHeight;
    }
    this.#measure();
    this.#showButton();
  }

  #scrolled() {
    const { scrollTop, scrollHeight, clientHeight } = this.#scroller;
    const layoutMoved = scrollHeight < this.#height || clientHeight > this.#view;
    if (scrollTop < this.#top - 1 && !layoutMoved) {
      this.#leave();
    } else if (scrollTop > this.#top && scrollHeight - clientHeight - scrollTop <= AT_END) {
      this.#set(true);
    }
    this.#measure();
    this.#showButton();
  }

  #measure() {
    this.#top = this.#scroller.scrollTop;
    this.#height = this.#scroller.scrollHeight;
    this.#view = this.#scroller.clientHeight;
  }

  #leave() {
    if (this.#scroller.scrollHeight > this.#scroller.clientHeight) {
      this.#set(false);
    }
  }

  #set(following) {
    this.#following = following;
    this.#showButton();
  }

  #showButton() {
    const { scrollTop, scrollHeight, clientHeight } = this.#scroller;
    this.#button.hidden = this.#following || scrollHeight - clientHeight - scrollTop <= AT_END;
  }
}
