/** Says so while the server cannot be reached, asks for it, and says when it is back. */
import { Alert } from '@mantine/core'
import { useQueryClient } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { Problem } from '~/api/problem'
import { useTexts } from '~/texts/texts'
import { announce } from './announcer'
import { shellTexts } from './texts'

const ASK_EVERY_MS = 3_000

export function Offline() {
  const queries = useQueryClient()
  const t = useTexts(shellTexts)
  const [offline, setOffline] = useState(false)

  useEffect(() => {
    const unreachable = (error: unknown) => error instanceof Problem && error.status === 0
    const ends = [
      queries.getQueryCache().subscribe(({ type, query }) => {
        if (type !== 'updated') return
        const { error, status } = query.state
        if (unreachable(error)) setOffline(true)
        else if (status === 'success' && !error) setOffline(false)
      }),
      queries.getMutationCache().subscribe(({ type, mutation }) => {
        if (type === 'updated' && unreachable(mutation?.state.error)) setOffline(true)
      }),
    ]
    return () => {
      for (const end of ends) end()
    }
  }, [queries])

  useEffect(() => {
    if (!offline) return
    const asks = setInterval(async () => {
      const answer = await fetch('/api/v1/me').catch(() => undefined)
      // A proxy in front may answer for a server that does not.
      if (!answer || 502 <= answer.status) return
      setOffline(false)
      announce(t.online)
      // What was asked in vain meanwhile is asked again.
      queries.invalidateQueries()
    }, ASK_EVERY_MS)
    return () => clearInterval(asks)
  }, [offline, queries, t])

  return offline ? (
    <Alert color="yellow" mb="md" role="status">
      {t.offline}
    </Alert>
  ) : null
}
