/** The keys that work everywhere on the page. */

export function installShortcuts({ onNewChat, onSidebar, onKeys, onEscape }) {
  const commands = { KeyO: [true, onNewChat], KeyB: [false, onSidebar], Slash: [false, onKeys] };
  addEventListener('keydown', (event) => {
    if (event.isComposing || event.keyCode === 229) {
      return;
    }
    if (event.key === 'Escape' && document.querySelector('dialog[open]') === null) {
      onEscape(event);
      return;
    }
    const [shift, act] = commands[event.code] ?? [];
    if (act !== undefined && (event.ctrlKey || event.metaKey) && !event.altKey && event.shiftKey === shift) {
      event.preventDefault();
      act();
    }
  });
}
