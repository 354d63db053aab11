/** What stands in the fields of a link's form, and what of it is different from the link. */
import { parametersOf, textOfParameters } from '~/parts/parameters'
import type { Link, LinkChange } from '../link'

export interface Values {
  destination: string
  domain: string
  slug: string
  title: string
  description: string
  tags: string[]
  folder: string
  startsAt: string
  expiresAt: string
  deleteAt: string
  expiredDestination: string
  /** A number as it is typed; empty for no limit. */
  clickLimit: string
  limitCounts: Link['limitCounts']
  /** Null keeps the one there is, an empty text takes it away. */
  password: string | null
  status: number
  forwardQuery: boolean
  cloaked: boolean
  conversionTracking: boolean
  /** Lines of `name=value`. */
  parameters: string
  redirectBehavior: string
  /** Ids. */
  pixels: string[]
  cardTitle: string
  cardDescription: string
  cardImage: string
}

export const EMPTY: Values = {
  destination: '',
  domain: '',
  slug: '',
  title: '',
  description: '',
  tags: [],
  folder: '',
  startsAt: '',
  expiresAt: '',
  deleteAt: '',
  expiredDestination: '',
  clickLimit: '',
  limitCounts: 'people',
  password: null,
  status: 302,
  forwardQuery: true,
  cloaked: false,
  conversionTracking: false,
  parameters: '',
  redirectBehavior: 'auto',
  pixels: [],
  cardTitle: '',
  cardDescription: '',
  cardImage: '',
}

export function valuesOf(link: Link): Values {
  return {
    destination: link.destination,
    domain: link.domain,
    slug: link.slug,
    title: link.title ?? '',
    description: link.description ?? '',
    tags: link.tags,
    folder: link.folder ?? '',
    startsAt: link.startsAt ?? '',
    expiresAt: link.expiresAt ?? '',
    deleteAt: link.deleteAt ?? '',
    expiredDestination: link.expiredDestination ?? '',
    clickLimit: link.clickLimit == null ? '' : String(link.clickLimit),
    limitCounts: link.limitCounts,
    password: null,
    status: link.status,
    forwardQuery: link.forwardQuery,
    cloaked: link.cloaked ?? false,
    conversionTracking: link.conversionTracking ?? false,
    parameters: textOfParameters(link.parameters ?? {}),
    // Two words of one meaning.
    redirectBehavior:
      link.redirectBehavior === 'always' ? 'auto' : (link.redirectBehavior ?? 'auto'),
    pixels: link.pixels ?? [],
    cardTitle: link.card?.title ?? '',
    cardDescription: link.card?.description ?? '',
    cardImage: link.card?.image ?? '',
  }
}

export type Field = keyof Values

/** The fields that differ, in the order of the form. */
export function changed(before: Values, after: Values): Field[] {
  return (Object.keys(EMPTY) as Field[]).filter(
    field => JSON.stringify(before[field]) !== JSON.stringify(after[field]),
  )
}

/**
 * What the API is to be told: only what differs from `before`, so that nothing that the form does
 * not show is touched. `card` is the link's own, whose further properties are kept.
 */
export function changeOf(before: Values, after: Values, card?: Link['card']): LinkChange {
  const change: Record<string, unknown> = {}
  for (const field of changed(before, after)) {
    if (field.startsWith('card')) change.card = cardOf(after, card)
    else change[field] = wire(field, after)
  }
  return change as LinkChange
}

function wire(field: Field, values: Values): unknown {
  const value = values[field]
  if (field === 'clickLimit') return value === '' ? null : Number(value)
  if (field === 'parameters') {
    const parameters = parametersOf(values.parameters)
    // A line that is none was refused before.
    return 'values' in parameters ? parameters.values : undefined
  }
  if (field === 'password') return value === '' ? null : value
  if (field === 'slug' || field === 'domain') return value === '' ? undefined : value
  return typeof value === 'string' && value.trim() === '' ? null : value
}

function cardOf(values: Values, card: Link['card']): Link['card'] {
  const { cardTitle, cardDescription, cardImage } = values
  const properties = card?.properties ?? []
  if (!cardTitle && !cardDescription && !cardImage && properties.length === 0) return null
  return {
    ...card,
    title: cardTitle || null,
    description: cardDescription || null,
    image: cardImage || null,
  }
}

/** The field at which the API found a fault: `tags[0]` is at the tags, `card.image` at the picture. */
export function fieldAt(at: string): Field | undefined {
  const card = /^card\.(title|description|image)/.exec(at)?.[1]
  if (card) return `card${card[0]?.toUpperCase()}${card.slice(1)}` as Field
  const name = at.split(/[.[]/, 1)[0] ?? ''
  return name in EMPTY ? (name as Field) : undefined
}
