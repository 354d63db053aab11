/**
 * What the dashboard says, in every language that it speaks.
 *
 * A folder's `texts.ts` holds its English as one object, functions where a text has holes; its
 * `texts.de.ts` is the same in German, held to that shape by the compiler and loaded when asked for.
 */
import { use, useSyncExternalStore } from 'react'

export const LANGUAGES = { en: 'English', de: 'Deutsch' } as const
export type Language = keyof typeof LANGUAGES

export interface Texts<T> {
  en: T
  load: Record<Exclude<Language, 'en'>, () => Promise<{ default: T }>>
  loaded: Partial<Record<Language, Promise<T>>>
}

/** Texts in English and, by a lazy import, in every other language. */
export function defineTexts<T>(en: T, load: Texts<T>['load']): Texts<T> {
  return { en, load, loaded: {} }
}

/** The texts in the reader's language; suspends until they are there. */
export function useTexts<T>(texts: Texts<T>): T {
  const language = useLanguage()
  if (language === 'en') return texts.en
  texts.loaded[language] ??= texts.load[language]().then(module => module.default)
  return use(texts.loaded[language])
}

const KEY = 'waypost-language'
const listeners = new Set<() => void>()
let current: Language = first()

/** The chosen language, else the first of the browser's that we speak. */
function first(): Language {
  const wanted = [read(), ...navigator.languages.map(tag => tag.slice(0, 2))]
  const known = wanted.find(tag => tag !== null && tag in LANGUAGES)
  return (known as Language | undefined) ?? 'en'
}

function read(): string | null {
  try {
    return localStorage.getItem(KEY)
  } catch {
    return null
  }
}

export function useLanguage(): Language {
  return useSyncExternalStore(subscribe, () => current)
}

export function chooseLanguage(language: Language) {
  current = language
  document.documentElement.lang = language
  try {
    localStorage.setItem(KEY, language)
  } catch {
    // Storage is turned off: it holds until the page is left.
  }
  for (const listener of listeners) listener()
}

export function currentLanguage(): Language {
  return current
}

function subscribe(listener: () => void) {
  listeners.add(listener)
  return () => {
    listeners.delete(listener)
  }
}

/** The form of a word for a number: `plural(n, { one: 'click', other: 'clicks' })`. */
export function plural(
  n: number,
  forms: { one: string; other: string },
  language: Language = 'en',
) {
  return rules[language].select(n) === 'one' ? forms.one : forms.other
}

const rules = { en: new Intl.PluralRules('en'), de: new Intl.PluralRules('de') }
document.documentElement.lang = current
