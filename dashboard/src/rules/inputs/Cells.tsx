/** A row of cells that are pressed one by one, or many by moving over them; or with arrows and Space. */
import { type KeyboardEvent, type PointerEvent, useRef, useState } from 'react'
import styles from './inputs.module.css'

interface Props {
  label: string
  /** What each cell shows, and what it is called. */
  cells: readonly { text: string; name: string }[]
  chosen: (index: number) => boolean
  /** From the cell where it began to the one where it is now, which may be before it. */
  onPaint: (from: number, to: number, on: boolean) => void
  className?: string
}

export function Cells({ label, cells, chosen, onPaint, className }: Props) {
  const [current, setCurrent] = useState(0)
  const painting = useRef<{ from: number; on: boolean }>(null)
  const row = useRef<HTMLFieldSetElement>(null)

  const start = (event: PointerEvent, index: number) => {
    if (event.button !== 0) return
    painting.current = { from: index, on: !chosen(index) }
    onPaint(index, index, painting.current.on)
    setCurrent(index)
  }
  const move = (event: PointerEvent) => {
    if (!painting.current || event.buttons === 0) {
      painting.current = null
      return
    }
    const over = document.elementFromPoint(event.clientX, event.clientY)
    const index = (over as HTMLElement | null)?.dataset?.index
    if (index === undefined || !row.current?.contains(over)) return
    onPaint(painting.current.from, Number(index), painting.current.on)
  }
  const press = (event: KeyboardEvent, index: number) => {
    const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key]
    if (step) {
      event.preventDefault()
      const next = Math.min(Math.max(index + step, 0), cells.length - 1)
      if (event.shiftKey) onPaint(index, next, true)
      setCurrent(next)
      row.current?.querySelector<HTMLElement>(`[data-index="${next}"]`)?.focus()
    } else if (event.key === ' ' || event.key === 'Enter') {
      event.preventDefault()
      onPaint(index, index, !chosen(index))
    }
  }

  return (
    <fieldset
      ref={row}
      aria-label={label}
      className={`${styles.cells} ${className ?? ''}`}
      style={{ border: 0, padding: 0, margin: 0 }}
      onPointerMove={move}
      onPointerUp={() => {
        painting.current = null
      }}
    >
      {cells.map(({ text, name }, index) => (
        <button
          key={name}
          type="button"
          className={styles.cell}
          data-index={index}
          aria-pressed={chosen(index)}
          tabIndex={index === current ? 0 : -1}
          onPointerDown={event => start(event, index)}
          onKeyDown={event => press(event, index)}
        >
          <span aria-hidden>{text}</span>
          <span className="unseen">{name}</span>
        </button>
      ))}
    </fieldset>
  )
}
