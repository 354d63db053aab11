/** A link's form: what was typed, what the server says of it, and how it is saved. */
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useCallback, useMemo, useState } from 'react'
import { Problem } from '~/api/problem'
import { withScheme } from '~/parts/address'
import { parametersOf } from '~/parts/parameters'
import { refreshLinks } from '../edits'
import { createLink, type Link, linkQuery, type ReadLink, saveLink } from '../link'
import { changed, changeOf, EMPTY, type Field, fieldAt, type Values, valuesOf } from './values'

export interface LinkForm {
  values: Values
  set: <F extends Field>(field: F, value: Values[F]) => void
  /** What is wrong with a field, in the server's words. */
  fault: (field: Field) => string | undefined
  /** What is wrong and belongs to no field. */
  problem: string | undefined
  faults: ReadonlyMap<Field, string>
  isDirty: boolean
  isSaving: boolean
  /** The link that is edited; none while a new one is made. */
  link: Link | undefined
  /** What the link is by now, where somebody else changed it since it was read. */
  theirs: ReadLink | undefined
  save: () => void
  /** Saves only what was changed here, over what somebody else saved. */
  keepMine: () => void
  takeTheirs: () => void
}

interface Given {
  /** The link as it was read; none makes a new one. */
  read?: ReadLink
  /** What a new link begins with. */
  initial?: Partial<Values>
  onSaved: (link: Link) => void
}

export function useLinkForm({ read, initial, onSaved }: Given): LinkForm {
  const queries = useQueryClient()
  // What the fields began with. A refetch in the background must not move it under the typist.
  const [base, setBase] = useState<ReadLink | undefined>(read)
  const before = useMemo(() => (base ? valuesOf(base.link) : EMPTY), [base])
  const [began, setBegan] = useState<Values>({ ...before, ...initial })
  const [values, setValues] = useState(began)
  const [theirs, setTheirs] = useState<ReadLink>()

  const saving = useMutation({
    mutationFn: async (onto: ReadLink | undefined) => {
      refuse(values)
      return onto
        ? saveLink(onto.link.id, told(before, values, onto), onto.etag)
        : make(before, values)
    },
    onSuccess: saved => {
      setBase(base && saved)
      setBegan(valuesOf(saved.link))
      setValues(valuesOf(saved.link))
      setTheirs(undefined)
      queries.setQueryData(linkQuery(saved.link.id).queryKey, saved)
      refreshLinks(queries)
      onSaved(saved.link)
    },
    onError: async (error, onto) => {
      if (onto && error instanceof Problem && error.status === 412) {
        setTheirs(await queries.fetchQuery({ ...linkQuery(onto.link.id), staleTime: 0 }))
      }
    },
  })

  const { error } = saving
  const faults = useMemo(() => faultsOf(error), [error])
  const { reset } = saving
  const set = useCallback(
    <F extends Field>(field: F, value: Values[F]) => {
      setValues(before => ({ ...before, [field]: value }))
      reset()
    },
    [reset],
  )
  const isDirty = 0 < changed(began, values).length
  const hasConflict = error instanceof Problem && error.status === 412
  return {
    values,
    set,
    faults,
    fault: field => faults.get(field),
    problem: error && faults.size === 0 && !hasConflict ? error.message : undefined,
    isDirty,
    isSaving: saving.isPending,
    link: base?.link,
    theirs,
    save: () => saving.mutate(base),
    keepMine: () => saving.mutate(theirs),
    takeTheirs: () => {
      if (!theirs) return
      setBase(theirs)
      setBegan(valuesOf(theirs.link))
      setValues(valuesOf(theirs.link))
      setTheirs(undefined)
      reset()
    },
  }
}

/** What cannot even be sent. */
function refuse({ parameters }: Values) {
  const found = parametersOf(parameters)
  if (!('wrong' in found)) return
  const detail = `line ${found.wrong} is not name=value`
  throw new Problem(422, detail, { errors: [{ at: 'parameters', detail }] })
}

function told(before: Values, values: Values, onto: ReadLink) {
  return changeOf(before, whole(values), onto.link.card)
}

function make(before: Values, values: Values): Promise<ReadLink> {
  const { destination } = whole(values)
  return createLink({ ...changeOf(before, whole(values)), destination })
}

/** Addresses that were pasted without their scheme get one. */
function whole(values: Values): Values {
  return {
    ...values,
    destination: withScheme(values.destination),
    expiredDestination: values.expiredDestination && withScheme(values.expiredDestination),
    slug: values.slug.trim(),
  }
}

function faultsOf(error: Error | null): ReadonlyMap<Field, string> {
  const faults = new Map<Field, string>()
  if (!(error instanceof Problem)) return faults
  for (const { at, detail } of error.faults) {
    const field = fieldAt(at)
    if (field && !faults.has(field)) faults.set(field, detail)
  }
  // What is taken is a slug: nothing else of a link has to be its own.
  if (error.status === 409 && error.message.startsWith('slug')) faults.set('slug', error.message)
  return faults
}
