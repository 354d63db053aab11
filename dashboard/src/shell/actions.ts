/**
 * What can be done on this page, by key or from the palette.
 *
 * A page says what it offers with [`useActions`]; keys, the palette (Ctrl+K) and the sheet of keys
 * (`?`) all read this one list.
 */
import { useEffect, useRef, useState, useSyncExternalStore } from 'react'

export interface Action {
  id: string
  /** What the palette and the sheet call it. */
  label: string
  /** The heading it stands under. */
  group: string
  /** `c`, `g l`, `Alt+ArrowUp`, `Mod+s`: `Mod` is Ctrl, or ⌘ on a Mac. */
  keys?: string
  /** Further words by which it is found. */
  words?: string
  run: () => void
}

const listeners = new Set<() => void>()
/** By the order in which their owners were first drawn: a page comes after what stands around it. */
const offered = new Map<number, readonly Action[]>()
let owners = 0
let all: readonly Action[] = []

/** Offers actions while the component is there. A page's go before those of what stands around it. */
export function useActions(actions: readonly Action[]) {
  const [owner] = useState(() => ++owners)
  const latest = useRef(actions)
  latest.current = actions
  const shape = actions.map(({ id, label, keys }) => `${id} ${label} ${keys}`).join('|')
  // biome-ignore lint/correctness/useExhaustiveDependencies: what an action does may change at every render, which need not be told
  useEffect(() => {
    offered.set(
      owner,
      latest.current.map((action, index) => ({
        ...action,
        run: () => latest.current[index]?.run(),
      })),
    )
    changed()
    return () => {
      offered.delete(owner)
      changed()
    }
  }, [owner, shape])
}

export function useOffered(): readonly Action[] {
  return useSyncExternalStore(subscribe, () => all)
}

function changed() {
  all = [...offered.keys()].sort((a, b) => b - a).flatMap(owner => offered.get(owner) ?? [])
  for (const listener of listeners) listener()
}

function subscribe(listener: () => void) {
  listeners.add(listener)
  return () => {
    listeners.delete(listener)
  }
}

const SINGLE_OFF = 'waypost-single-keys-off'
const SEQUENCE_MS = 1_200

/** Single keys can be turned off (WCAG 2.1.4). */
export function singleKeys(): boolean {
  return localStorage.getItem(SINGLE_OFF) === null
}

export function turnSingleKeys(on: boolean) {
  if (on) localStorage.removeItem(SINGLE_OFF)
  else localStorage.setItem(SINGLE_OFF, 'yes')
}

/** Listens for the keys of all that is offered. Silent in fields, but for combinations. */
export function listenForKeys(): () => void {
  let before = ''
  let at = 0
  const listener = (event: KeyboardEvent) => {
    if (event.defaultPrevented || event.isComposing) return
    const pressed = spelled(event)
    if (!pressed) return
    const combination = pressed.includes('+')
    if (!combination && (inField(event.target) || !singleKeys())) return
    const sequence = event.timeStamp - at < SEQUENCE_MS && before ? `${before} ${pressed}` : ''
    const found =
      all.find(action => sequence && action.keys === sequence) ??
      all.find(action => action.keys === pressed)
    before = found ? '' : pressed
    at = event.timeStamp
    if (!found) return
    event.preventDefault()
    found.run()
  }
  document.addEventListener('keydown', listener)
  return () => document.removeEventListener('keydown', listener)
}

function spelled(event: KeyboardEvent): string {
  if (['Control', 'Shift', 'Alt', 'Meta'].includes(event.key)) return ''
  const named = event.key.length > 1
  const parts = []
  if (event.ctrlKey || event.metaKey) parts.push('Mod')
  if (event.altKey) parts.push('Alt')
  // Shift is part of what a character is; with named keys and in combinations it says something of
  // its own.
  if (event.shiftKey && (named || parts.length > 0)) parts.push('Shift')
  parts.push(named ? event.key : event.key === '?' ? '?' : event.key.toLowerCase())
  return parts.join('+')
}

function inField(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable ||
      target.matches(
        'input:not([type=checkbox],[type=radio]), textarea, select, [role=combobox], [role=slider]',
      ))
  )
}
