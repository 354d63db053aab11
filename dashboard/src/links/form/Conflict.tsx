/** Somebody else saved the link meanwhile: both versions, and a choice. */
import { Alert, Button, Group, Table } from '@mantine/core'
import { IconAlertTriangle } from '@tabler/icons-react'
import { useTexts } from '~/texts/texts'
import { formTexts } from './texts'
import type { LinkForm } from './useLinkForm'
import { changed, type Field, type Values, valuesOf } from './values'

export function Conflict({ form }: { form: LinkForm }) {
  const t = useTexts(formTexts)
  const { theirs, link, values } = form
  if (!theirs || !link) return null
  const before = valuesOf(link)
  const now = valuesOf(theirs.link)
  const mine = changed(before, values)
  const differing = [...new Set([...changed(before, now), ...mine])]
  return (
    <Alert
      variant="default"
      icon={<IconAlertTriangle color="var(--unknown)" aria-hidden />}
      title={t.changedElsewhere}
      role="alert"
    >
      <Table verticalSpacing={4} mb="sm">
        <Table.Thead>
          <Table.Tr>
            <Table.Td />
            <Table.Th>{t.mine}</Table.Th>
            <Table.Th>{t.theirs}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {differing.map(field => (
            <Table.Tr key={field}>
              <Table.Th scope="row">{t.fields[field]}</Table.Th>
              <Table.Td className="address">
                {mine.includes(field) ? told(values, field, t.none) : t.asTheirs}
              </Table.Td>
              <Table.Td className="address">{told(now, field, t.none)}</Table.Td>
            </Table.Tr>
          ))}
          {differing.length === 0 && (
            <Table.Tr>
              <Table.Td colSpan={3}>{t.onlyRules}</Table.Td>
            </Table.Tr>
          )}
        </Table.Tbody>
      </Table>
      <Group gap="sm">
        <Button size="compact-sm" onClick={form.keepMine} loading={form.isSaving}>
          {t.keepMine}
        </Button>
        <Button size="compact-sm" variant="default" onClick={form.takeTheirs}>
          {t.takeTheirs}
        </Button>
      </Group>
    </Alert>
  )
}

function told(values: Values, field: Field, none: string): string {
  const value = values[field]
  // What was typed as a password is nobody's to read.
  if (field === 'password') return value ? '••••' : none
  return Array.isArray(value) ? value.join(', ') || none : String(value ?? '') || none
}
