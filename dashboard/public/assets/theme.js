// Runs before anything is drawn, so that a page in the chosen theme does not flash in the other.
// theme/scheme.ts writes what this reads.
;(() => {
  let chosen = null
  try {
    chosen = localStorage.getItem('waypost-theme')
  } catch {
    // Storage is turned off: the system's theme it is.
  }
  const dark =
    chosen === 'dark' || (chosen !== 'light' && matchMedia('(prefers-color-scheme: dark)').matches)
  document.documentElement.setAttribute('data-mantine-color-scheme', dark ? 'dark' : 'light')
})()
