// Before the first paint, and a file of its own since the page allows no inline script.
(() => {
  let chosen = null;
  try {
    chosen = localStorage.getItem('pulse.theme');
  } catch {
    // Storage may be off: the system's theme then.
  }
  const system = matchMedia('(prefers-color-scheme: light)').matches ? 'light' : 'dark';
  document.documentElement.dataset.theme = chosen === 'dark' || chosen === 'light' ? chosen : system;
})();
