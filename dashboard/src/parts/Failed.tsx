/** A card whose content could not be loaded; the others stay as they are. */
import { Alert, Button, Stack, Text } from '@mantine/core'
import { useTexts } from '~/texts/texts'
import { partsTexts } from './texts'

export function Failed({ error, retry }: { error: Error; retry?: () => void }) {
  const t = useTexts(partsTexts)
  return (
    <Alert color="red" title={t.failed} role="alert">
      <Stack align="flex-start" gap="sm">
        <Text size="sm">{error.message}</Text>
        {retry && (
          <Button size="compact-sm" variant="default" onClick={retry}>
            {t.retry}
          </Button>
        )}
      </Stack>
    </Alert>
  )
}
