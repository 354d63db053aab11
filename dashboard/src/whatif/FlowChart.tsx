/** The streams as a picture: changed ones coloured, the rest grey, what cannot be told dashed. */
import { useElementSize } from '@mantine/hooks'
import { useState } from 'react'
import { useFormat } from '~/texts/format'
import { useTexts } from '~/texts/texts'
import { ELSE, type Flow, ribbon, type Stream } from './flow'
import type { Named } from './names'
import { whatIfTexts } from './texts'
import styles from './WhatIf.module.css'

interface Props {
  flow: Flow
  leftName: (id: string) => Named
  rightName: (id: string) => Named
  /** The whole in one sentence, for who cannot see it. */
  finding: string
}

const NODE = 8
const SERIES = 5

export function FlowChart({ flow, leftName, rightName, finding }: Props) {
  const t = useTexts(whatIfTexts)
  const format = useFormat()
  const { ref, width } = useElementSize()
  const [lit, setLit] = useState<Stream>()
  const words = Math.min(Math.max(width * 0.26, 96), 280)
  const [x1, x2] = [words + NODE, Math.max(width - words - NODE, words + NODE + 40)]
  const changedTo = [...new Set(flow.streams.filter(isChanged).map(({ to }) => to))]
  const colour = ({ kind, to }: Stream) =>
    kind === 'same'
      ? 'var(--series-rest)'
      : kind === 'unknown'
        ? 'var(--unknown)'
        : `var(--series-${(changedTo.indexOf(to) % SERIES) + 1})`
  const said = ({ from, to, clicks, kind }: Stream) =>
    `${leftName(from).name} → ${rightName(to).name}: ${format.number(clicks)} ${t.states[kind]}`
  return (
    <figure className={styles.figure}>
      <div ref={ref}>
        <svg
          role="img"
          aria-label={finding}
          width={width}
          height={flow.height + 4}
          className={styles.flow}
        >
          {width > 0 && (
            <>
              {flow.streams.map(stream => (
                // biome-ignore lint/a11y/noStaticElementInteractions: the table says the same to those who point at nothing
                <path
                  key={`${stream.from} ${stream.to} ${stream.kind}`}
                  d={ribbon(stream, x1, x2)}
                  fill={colour(stream)}
                  data-kind={stream.kind}
                  data-dim={lit && lit !== stream ? true : undefined}
                  className={styles.stream}
                  onMouseEnter={() => setLit(stream)}
                  onMouseLeave={() => setLit(undefined)}
                >
                  <title>{said(stream)}</title>
                </path>
              ))}
              {flow.left.map(node => (
                <Column
                  key={node.id}
                  node={node}
                  x={words}
                  words={words}
                  named={leftName(node.id)}
                />
              ))}
              {flow.right.map(node => (
                <Column
                  key={node.id}
                  node={node}
                  x={x2}
                  words={words}
                  named={rightName(node.id)}
                  after
                />
              ))}
            </>
          )}
        </svg>
      </div>
      <figcaption className={styles.caption} aria-live="polite">
        {lit ? said(lit) : t.flowAbout}
      </figcaption>
    </figure>
  )
}

const isChanged = ({ kind }: Stream) => kind === 'changed'

interface ColumnProps {
  node: Flow['left'][number]
  x: number
  words: number
  named: Named
  after?: boolean
}

/** A rule: its bar, its name and how many it takes. */
function Column({ node, x, words, named, after }: ColumnProps) {
  const format = useFormat()
  return (
    <g>
      <rect
        x={x}
        y={node.y}
        width={NODE}
        height={node.height}
        rx={2}
        fill={node.id === ELSE ? 'var(--text-3)' : 'var(--text-2)'}
      />
      <foreignObject
        x={after ? x + NODE + 8 : 0}
        y={node.y - 2}
        width={Math.max(words - 8, 0)}
        height={42}
      >
        <div className={styles.node} data-after={after || undefined} title={named.to}>
          <span>{named.name}</span>
          <span>
            {format.number(node.clicks)}
            {named.to && <small> {named.to}</small>}
          </span>
        </div>
      </foreignObject>
    </g>
  )
}
