/** A folder by name: one that is there, or a new one, which is there as soon as a link names it. */
import { Autocomplete } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useTexts } from '~/texts/texts'
import { foldersQuery } from '../list'
import { linksTexts } from '../texts'

interface Props {
  domain: string
  value: string
  onChange: (folder: string) => void
  error?: string
  /** Within a popover the list has to be as well, or a click on it would close both. */
  isInside?: boolean
}

export function FolderField({ domain, value, onChange, error, isInside }: Props) {
  const t = useTexts(linksTexts)
  const folders = useQuery(foldersQuery(domain))
  return (
    <Autocomplete
      label={t.folder}
      placeholder={t.noFolder}
      data={folders.data?.map(({ name }) => name)}
      value={value}
      onChange={onChange}
      error={error}
      comboboxProps={{ withinPortal: !isInside, position: isInside ? 'top' : 'bottom' }}
      data-autofocus={isInside}
    />
  )
}
