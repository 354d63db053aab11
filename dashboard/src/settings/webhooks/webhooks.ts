/** Under what questions about webhooks are kept. */
export const WEBHOOKS = ['webhooks']
