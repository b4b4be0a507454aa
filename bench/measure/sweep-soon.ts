// Loaded before a server whose sweep is measured: it begins after nine seconds instead of ten minutes, and once.
const ordinary = globalThis.setInterval;

function hastened(act: () => void, ms?: number): NodeJS.Timeout {
  return ms === 600_000 ? setTimeout(act, 9_000) : ordinary(act, ms);
}

globalThis.setInterval = hastened as typeof setInterval;
