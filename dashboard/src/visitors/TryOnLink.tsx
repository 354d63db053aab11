/** Asks on which link to try a visitor, and goes there. */
import { Modal, Stack, Text, TextInput, UnstyledButton } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { api, got } from '~/api/client'
import { useTexts } from '~/texts/texts'
import { searchOf } from './address'
import type { SavedVisitor } from './saved'
import { visitorsTexts } from './texts'
import styles from './Visitor.module.css'

const SHOWN = 8

export default function TryOnLink({
  saved,
  onClose,
}: {
  saved: SavedVisitor
  onClose: () => void
}) {
  const t = useTexts(visitorsTexts)
  const navigate = useNavigate()
  const [words, setWords] = useState('')
  const [asked] = useDebouncedValue(words.trim(), 120)
  const { data } = useQuery({
    queryKey: ['links', 'try on', asked],
    queryFn: ({ signal }) => {
      const query = { limit: SHOWN, ...(asked ? { search: asked } : {}) }
      return got(api.GET('/api/v1/links', { params: { query }, signal }))
    },
    placeholderData: keepPreviousData,
  })
  const links = data?.data ?? []
  const go = (link: string | undefined) => {
    if (!link) return
    const params = { link }
    void navigate({ to: '/links/$link/try', params, search: searchOf(saved.visitor) })
  }
  return (
    <Modal
      opened
      onClose={onClose}
      title={t.tryOnOf(saved.name)}
      closeButtonProps={{ 'aria-label': t.close }}
    >
      <Stack gap="sm">
        <TextInput
          data-autofocus
          label={t.whichLink}
          placeholder={t.whichLinkHint}
          value={words}
          onChange={event => setWords(event.currentTarget.value)}
          onKeyDown={event => event.key === 'Enter' && go(links[0]?.id)}
        />
        <ul className={styles.links}>
          {links.map(link => (
            <li key={link.id}>
              <UnstyledButton className={styles.link} onClick={() => go(link.id)}>
                <span className="address">{link.shortUrl.replace(/^https?:\/\//, '')}</span>
                <Text size="xs" c="dimmed">
                  {link.title ?? link.destination}
                </Text>
              </UnstyledButton>
            </li>
          ))}
        </ul>
        {data && links.length === 0 && <Text c="dimmed">{t.noLink}</Text>}
      </Stack>
    </Modal>
  )
}
