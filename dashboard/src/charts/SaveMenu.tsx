/** The files that a chart is kept as: a button that shows two more. */
import { ActionIcon } from '@mantine/core'
import { IconDownload } from '@tabler/icons-react'
import { useRef, useState } from 'react'
import { useTexts } from '~/texts/texts'
import styles from './Card.module.css'
import { chartTexts } from './texts'

interface Props {
  title: string
  keepCsv: () => void
  keepPng: (() => void) | undefined
}

/** There is one on each of a page's dozen cards, so it is no more than it has to be. */
export function SaveMenu({ title, keepCsv, keepPng }: Props) {
  const t = useTexts(chartTexts)
  const [open, setOpen] = useState(false)
  const button = useRef<HTMLButtonElement>(null)
  const close = () => {
    setOpen(false)
    button.current?.focus()
  }
  const keep = (how: () => void) => () => {
    close()
    how()
  }
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: it closes for whoever leaves it
    <div
      className={styles.save}
      onBlur={event => event.currentTarget.contains(event.relatedTarget) || setOpen(false)}
      onKeyDown={event => {
        if (event.key !== 'Escape' || !open) return
        event.preventDefault()
        close()
      }}
    >
      <ActionIcon
        ref={button}
        variant="subtle"
        aria-label={t.save(title)}
        aria-expanded={open}
        onClick={() => setOpen(!open)}
      >
        <IconDownload size={16} />
      </ActionIcon>
      {open && (
        <div className={styles.files}>
          <button type="button" onClick={keep(keepCsv)}>
            {t.asCsv}
          </button>
          {keepPng && (
            <button type="button" onClick={keep(keepPng)}>
              {t.asPng}
            </button>
          )}
        </div>
      )}
    </div>
  )
}
