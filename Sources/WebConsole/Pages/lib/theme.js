// Runs before the first paint, so that a chosen theme does not flash.
(() => {
  let theme = null;
  try {
    theme = localStorage.getItem("twinlog.theme");
  } catch {
    // Storage may be switched off; then the system's preference holds.
  }
  if (theme === "dark" || theme === "light") {
    document.documentElement.dataset.theme = theme;
  }
})();
