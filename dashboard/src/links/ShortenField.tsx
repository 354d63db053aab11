/** One field: a long address goes in, a link comes out. */
import { Button, TextInput } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { Problem } from '~/api/problem'
import { withScheme } from '~/parts/address'
import { useTexts } from '~/texts/texts'
import { createLink, type Link } from './link'
import styles from './ShortenField.module.css'
import { linksTexts } from './texts'

export function ShortenField({ onMade }: { onMade: (link: Link) => void }) {
  const t = useTexts(linksTexts)
  const [address, setAddress] = useState('')
  const made = useMutation({
    mutationFn: (destination: string) => createLink({ destination }),
    onSuccess: ({ link }) => onMade(link),
  })
  const problem = made.error
  const reason = problem instanceof Problem ? (problem.fault('destination') ?? problem.message) : ''
  return (
    <form
      className={styles.form}
      onSubmit={event => {
        event.preventDefault()
        if (address.trim()) made.mutate(withScheme(address))
      }}
    >
      <TextInput
        label={t.pasteLong}
        placeholder="https://example.com/…"
        type="text"
        inputMode="url"
        autoComplete="off"
        spellCheck={false}
        size="md"
        value={address}
        onChange={event => {
          setAddress(event.currentTarget.value)
          if (problem) made.reset()
        }}
        error={reason || undefined}
        className={styles.field}
      />
      <Button type="submit" size="md" loading={made.isPending} className={styles.button}>
        {t.shorten}
      </Button>
    </form>
  )
}
