// Says a sentence to screen readers, and briefly to everybody else.
const listeners = new Set();

export function announce(text) {
  for (const listener of listeners) listener(text);
}

export function onAnnounce(listener) {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
