/** Server-sent events of an answer to POST, which `EventSource` cannot ask for. */

export interface ServerEvent {
  event: string
  data: string
}

/** The events of a text, and what is left of it: the beginning of one that has not come whole yet. */
export function eventsIn(text: string): { events: ServerEvent[]; rest: string } {
  const blocks = text.replace(/\r\n?/g, '\n').split('\n\n')
  const rest = blocks.pop() ?? ''
  const events = blocks.map(eventOf).filter(event => event.data !== '')
  return { events, rest }
}

function eventOf(block: string): ServerEvent {
  const lines = block.split('\n')
  const of = (field: string) =>
    lines
      .filter(line => line.startsWith(`${field}:`))
      .map(line => line.slice(field.length + 1).replace(/^ /, ''))
  return { event: of('event').at(-1) ?? 'message', data: of('data').join('\n') }
}

export async function* eventsOf(body: ReadableStream<Uint8Array>): AsyncGenerator<ServerEvent> {
  const decoder = new TextDecoder()
  const reader = body.getReader()
  let text = ''
  for (;;) {
    const { done, value } = await reader.read()
    text += done ? '\n\n' : decoder.decode(value, { stream: true })
    const { events, rest } = eventsIn(text)
    yield* events
    if (done) return
    text = rest
  }
}
