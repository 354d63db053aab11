/** What every part of the builder of one rule needs to know. */
import { createContext, type RefObject, use } from 'react'
import type { Warning } from '../analysis'
import type { Vocabulary } from '../fields'
import type { Outcomes } from '../matches'
import type { Place, When } from '../tree'

export interface Building {
  vocabulary: Vocabulary
  link: string
  /** The whole tree. */
  when: When
  /** `what` groups changes that are one step back. */
  edit: (when: When, what?: string) => void
  counts: ReadonlyMap<Place, Outcomes>
  faults: ReadonlyMap<Place, string>
  warnings: ReadonlyMap<Place, readonly Warning[]>
  undone: readonly Place[]
  /** Where the focus goes once what stands there is drawn. */
  focus: RefObject<Place | null>
}

export const BuildingContext = createContext<Building | null>(null)

export function useBuilding(): Building {
  return use(BuildingContext)!
}
