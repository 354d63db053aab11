/** A dot on the page's icon for clicks that came while nobody was looking. */

const DOT =
  '<circle cx="25" cy="7" r="7" fill="#fff"/><circle cx="25" cy="7" r="5.5" fill="#B3261E"/></svg>'

let before: string | undefined

/** Marks the icon, unless the page is being looked at. */
export async function markArrival() {
  const icon = document.querySelector<HTMLLinkElement>('link[rel=icon]')
  if (!document.hidden || !icon || before !== undefined) return
  before = icon.href
  const own = before
  const drawing = await fetch(own)
    .then(answer => answer.text())
    .catch(() => '')
  // Somebody may have come back in the meantime.
  if (!document.hidden || !drawing.includes('</svg>')) return clear()
  icon.href = `data:image/svg+xml,${encodeURIComponent(drawing.replace('</svg>', DOT))}`
  document.addEventListener('visibilitychange', clear, { once: true })
}

function clear() {
  const icon = document.querySelector<HTMLLinkElement>('link[rel=icon]')
  if (icon && before !== undefined) icon.href = before
  before = undefined
}
