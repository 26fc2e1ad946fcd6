/** Copies text; also where plain HTTP on a local network leaves no navigator.clipboard. */

export async function copy(text) {
  if (navigator.clipboard !== undefined) {
    await navigator.clipboard.writeText(text);
    return;
  }
  const field = document.createElement('textarea');
  field.value = text;
  field.className = 'unseen';
  field.readOnly = true;
  const focused = document.activeElement;
  document.body.append(field);
  field.select();
  const copied = document.execCommand('copy');
  field.remove();
  focused?.focus();
  if (!copied) {
    throw new Error('the browser does not let this page copy');
  }
}

/** Copies, and shows on the button for a moment whether it worked. */
export async function copyWith(button, text, { idle, done, failed }) {
  const label = button.querySelector('span') ?? button;
  try {
    await copy(text);
    label.textContent = done;
  } catch {
    label.textContent = failed; // the person sees it; there is nothing else to do
  }
  setTimeout(() => {
    label.textContent = idle;
  }, 2000);
}
