/** A file of the links that the table shows, named by its filters. */
import { Button } from '@mantine/core'
import { IconFileExport } from '@tabler/icons-react'
import { useMutation } from '@tanstack/react-query'
import { notify, notifyProblem } from '~/shell/notices'
import { useTexts } from '~/texts/texts'
import { exportName } from './export'
import type { Filter } from './list'
import { linksTexts } from './texts'

export function ExportButton({ filter }: { filter: Filter }) {
  const t = useTexts(linksTexts)
  const name = exportName(filter)
  const file = useMutation({
    mutationFn: async () => (await import('./export')).exportLinks(filter, name),
    onSuccess: () => notify(t.exported(name)),
    onError: notifyProblem,
  })
  return (
    <Button
      variant="default"
      leftSection={<IconFileExport size={16} aria-hidden />}
      loading={file.isPending}
      title={name}
      onClick={() => file.mutate()}
    >
      {t.export}
    </Button>
  )
}
