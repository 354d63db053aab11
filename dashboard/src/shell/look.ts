/**
 * How a member likes the dashboard, kept in this browser, where it is at hand before anything is
 * drawn, and in their account, from where it comes to other browsers.
 */
import { useMantineColorScheme } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useEffect } from 'react'
import { preferencesQuery, usePreference } from '~/api/preferences'
import { chooseZone, chosenZone } from '~/texts/format'
import { chooseLanguage, currentLanguage, LANGUAGES, type Language } from '~/texts/texts'
import { singleKeys, turnSingleKeys } from './actions'
import { notifyProblem } from './notices'

export interface Look {
  theme: 'auto' | 'light' | 'dark'
  language: Language
  /** Null: the browser's. */
  timezone: string | null
  singleKeys: boolean
}

/** What is so in this browser, and how to change it: here at once, in the account as well. */
export function useLook() {
  const { colorScheme, setColorScheme } = useMantineColorScheme()
  const kept = usePreference<Partial<Look>>('look', {})
  const look: Look = {
    theme: colorScheme,
    language: currentLanguage(),
    timezone: chosenZone(),
    singleKeys: singleKeys(),
  }
  const change = (changed: Partial<Look>) => {
    wear(changed, look, setColorScheme)
    kept.set(before => ({ ...before, ...changed })).catch(notifyProblem)
  }
  return { look, change }
}

/** Once the account has told, this browser is as the member likes it. */
export function useFollowedLook() {
  const { colorScheme, setColorScheme } = useMantineColorScheme()
  const told = useQuery(preferencesQuery).data?.look as Partial<Look> | undefined
  // biome-ignore lint/correctness/useExhaustiveDependencies: only what the account tells is followed; a change here is told to it
  useEffect(() => {
    if (!told) return
    const look: Look = {
      theme: colorScheme,
      language: currentLanguage(),
      timezone: chosenZone(),
      singleKeys: singleKeys(),
    }
    wear(told, look, setColorScheme)
  }, [told])
}

function wear(next: Partial<Look>, now: Look, setScheme: (scheme: Look['theme']) => void) {
  if (next.theme && next.theme !== now.theme) setScheme(next.theme)
  if (next.language && next.language in LANGUAGES && next.language !== now.language) {
    chooseLanguage(next.language)
  }
  if (next.timezone !== undefined && next.timezone !== now.timezone) chooseZone(next.timezone)
  if (next.singleKeys !== undefined && next.singleKeys !== now.singleKeys) {
    turnSingleKeys(next.singleKeys)
  }
}
