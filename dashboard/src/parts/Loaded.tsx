/** What a question answered, once it has: its place is kept until then, and a failure fills it. */
import { Skeleton, Stack } from '@mantine/core'
import type { UseQueryResult } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { Failed } from './Failed'

interface Props<T> {
  query: UseQueryResult<T>
  /** About how high the content will be, in pixels. */
  height?: number
  children: (data: T) => ReactNode
}

export function Loaded<T>({ query, height = 160, children }: Props<T>) {
  if (query.data !== undefined) return children(query.data)
  if (query.error) return <Failed error={query.error} retry={() => query.refetch()} />
  return (
    <Stack aria-busy="true">
      <Skeleton height={height} radius="var(--radius-card)" />
    </Stack>
  )
}
