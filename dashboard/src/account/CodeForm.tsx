/** The second step of signing in: the code of an authenticator app, or a recovery code. */
import { Alert, Button, Group, Stack, TextInput } from '@mantine/core'
import { useState } from 'react'
import { useTexts } from '~/texts/texts'
import { Door } from './Door'
import { accountTexts } from './texts'

interface Props {
  waiting: boolean
  problem: string | undefined
  onCode: (code: string) => void
  onBack: () => void
}

export function CodeForm({ waiting, problem, onCode, onBack }: Props) {
  const t = useTexts(accountTexts)
  const [code, setCode] = useState('')
  return (
    <Door title={t.codeTitle} about={t.codeWhy}>
      {problem && (
        <Alert color="red" role="alert">
          {problem}
        </Alert>
      )}
      <form
        onSubmit={event => {
          event.preventDefault()
          onCode(code.replace(/\s/g, ''))
        }}
      >
        <Stack>
          <TextInput
            label={t.code}
            required
            withAsterisk={false}
            autoFocus
            name="code"
            autoComplete="one-time-code"
            spellCheck={false}
            value={code}
            onChange={event => setCode(event.currentTarget.value)}
          />
          <Group grow>
            <Button variant="default" onClick={onBack}>
              {t.back}
            </Button>
            <Button type="submit" loading={waiting}>
              {t.signIn}
            </Button>
          </Group>
        </Stack>
      </form>
    </Door>
  )
}
