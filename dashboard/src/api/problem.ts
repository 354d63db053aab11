/** Why a call failed: RFC 9457, as every failure of the API is. */
import type { components } from './schema'

type Wire = components['schemas']['Problem']

export interface Fault {
  at: string
  detail: string
}

export class Problem extends Error {
  readonly status: number
  readonly faults: Fault[]
  /** All that was answered, for what few problems tell beside. */
  readonly body: Partial<Wire>

  constructor(status: number, detail: string, body: Partial<Wire> = {}) {
    super(detail)
    this.name = 'Problem'
    this.status = status
    this.faults = (body.errors ?? []).map(({ at, detail }) => ({ at, detail }))
    this.body = body
  }

  static offline() {
    return new Problem(0, 'the server cannot be reached')
  }

  /** What is wrong with one field of what was sent. */
  fault(at: string): string | undefined {
    return this.faults.find(fault => fault.at === at)?.detail
  }
}

export function problemOf(response: Response, body: unknown): Problem {
  const wire = (typeof body === 'object' && body !== null ? body : {}) as Partial<Wire>
  const detail = wire.detail ?? wire.title ?? response.statusText
  return new Problem(response.status, detail || `status ${response.status}`, wire)
}
