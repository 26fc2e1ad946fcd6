/** Drawings of the controls; each control carries its name itself. */

import { html } from '../lib/lit-html/lit-html.js';

export const icons = {
  copy: html`<svg viewBox="0 0 20 20" aria-hidden="true"><rect x="7" y="7" width="9" height="9" rx="2" /><path d="M4 12.5V6a2 2 0 0 1 2-2h6.5" /></svg>`,
  regenerate: html`<svg viewBox="0 0 20 20" aria-hidden="true"><path d="M15.5 8A6 6 0 1 0 16 11M16 4v4h-4" /></svg>`,
  continue: html`<svg viewBox="0 0 20 20" aria-hidden="true"><path d="M6 4.5v11l9-5.5z" /></svg>`,
  rename: html`<svg viewBox="0 0 20 20" aria-hidden="true"><path d="M4 16l.7-3.2L13 4.5a1.5 1.5 0 0 1 2.1 0l.4.4a1.5 1.5 0 0 1 0 2.1L7.2 15.3z" /></svg>`,
  delete: html`<svg viewBox="0 0 20 20" aria-hidden="true"><path d="M4 6h12M8 6V4h4v2M5.5 6l.8 10h7.4l.8-10" /></svg>`,
  send: html`<svg viewBox="0 0 20 20" aria-hidden="true"><path d="M10 16V4M5 9l5-5 5 5" /></svg>`,
  stop: html`<svg viewBox="0 0 20 20" aria-hidden="true"><rect class="full" x="5.5" y="5.5" width="9" height="9" rx="1.5" /></svg>`,
};
