/** Says so while the server cannot be reached. */
import { Alert } from '@mantine/core'
import { useQueryClient } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { Problem } from '~/api/problem'
import { useTexts } from '~/texts/texts'
import { shellTexts } from './texts'

export function Offline() {
  const queries = useQueryClient()
  const t = useTexts(shellTexts)
  const [offline, setOffline] = useState(false)
  useEffect(
    () =>
      queries.getQueryCache().subscribe(({ type, query }) => {
        if (type !== 'updated') return
        const { error, status } = query.state
        if (error instanceof Problem && error.status === 0) setOffline(true)
        else if (status === 'success' && !error) setOffline(false)
      }),
    [queries],
  )
  return offline ? (
    <Alert color="yellow" mb="md" role="status">
      {t.offline}
    </Alert>
  ) : null
}
