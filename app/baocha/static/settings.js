// Apply the reader's settings before the page is drawn: text size and colours. This script is not a
// module, so that the page is never drawn without them.

(() => {
  for (const name of ["size", "theme"]) {
    try {
      const value = localStorage.getItem(`baocha-${name}`);
      if (value) document.documentElement.dataset[name] = value;
    } catch {
      return; // storage is disabled
    }
  }
})();
