/** A form of the settings: its fields, what is wrong where no field tells it, and the way out. */
import { Alert, Button, Group, Stack } from '@mantine/core'
import type { ReactNode } from 'react'
import { Problem } from '~/api/problem'
import { partsTexts } from '~/parts/texts'
import { useTexts } from '~/texts/texts'

interface Props {
  /** What its button does. */
  label: string
  waiting: boolean
  problem?: Error | null
  /** Where a fault is shown; any other stands above. */
  fields?: readonly string[]
  /** Whether something has to be put right before it can be sent. */
  disabled?: boolean
  /** At most so wide, in pixels. */
  width?: number
  onSubmit: () => void
  onCancel: () => void
  children: (fault: (at: string) => string | undefined) => ReactNode
}

export function Form({ label, waiting, problem, fields = [], disabled, width, ...rest }: Props) {
  const t = useTexts(partsTexts)
  const fault = (at: string) => (problem instanceof Problem ? problem.fault(at) : undefined)
  return (
    <form
      onSubmit={event => {
        event.preventDefault()
        rest.onSubmit()
      }}
    >
      <Stack mt="sm" maw={width}>
        {problem && !fields.some(fault) && (
          <Alert color="red" role="alert">
            {problem.message}
          </Alert>
        )}
        {rest.children(fault)}
        <Group>
          <Button type="submit" loading={waiting} disabled={disabled}>
            {label}
          </Button>
          <Button variant="default" onClick={rest.onCancel}>
            {t.cancel}
          </Button>
        </Group>
      </Stack>
    </form>
  )
}
