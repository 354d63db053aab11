/** Addresses as people type, paste and read them. */

/** Whether a text is a whole web address. */
export function isAddress(text: string): boolean {
  return /^https?:\/\/\S+\.\S+/i.test(text) && URL.canParse(text)
}

/** `wp.st/spring`: what people say of an address. */
export function withoutScheme(url: string): string {
  return url.replace(/^https?:\/\//i, '')
}

/** What was pasted without its scheme, with one: `example.com/x` becomes `https://example.com/x`. */
export function withScheme(text: string): string {
  const address = text.trim()
  const isBare = /^[\p{L}\p{N}-]+(\.[\p{L}\p{N}-]+)+(:\d+)?([/?#]|$)/u.test(address)
  return isBare ? `https://${address}` : address
}
