/** A chart drawn by ECharts in its card, in the colours of the theme. */
import { type ReactNode, useEffect, useRef, useState } from 'react'
import { announce } from '~/shell/announcer'
import { useTexts } from '~/texts/texts'
import styles from './Card.module.css'
import { type CardProps, ChartCard } from './ChartCard'
import { type Colors, useColors } from './colors'
import { type Drawn, engineOf, type Kind, type Option } from './engine'
import { FONT, type Picture } from './picture'
import { chartTexts } from './texts'

export interface Picked {
  name: string
  seriesIndex: number
  dataIndex: number
  data: unknown
}

interface Props extends CardProps {
  kind: Kind
  height: number
  option: (colors: Colors) => Option
  /** What each point says: arrow keys go through them where it is given. */
  points?: readonly string[]
  onPick?: (picked: Picked, event: MouseEvent) => void
  /** What the chart is read by, under it. */
  below?: ReactNode
  /** The same for pictures. */
  legend?: Picture['legend']
}

/** Always the same words and edges; an option says the rest. */
function withManners(option: Option, colors: Colors): Option {
  return {
    // Figures that move are read late, and a map of SVG takes its time for every frame.
    animation: false,
    textStyle: { fontFamily: FONT, color: colors.text2 },
    ...option,
    tooltip: {
      confine: true,
      transitionDuration: 0,
      backgroundColor: colors.surface,
      borderColor: colors.line,
      padding: [8, 12],
      textStyle: { color: colors.text, fontSize: 13, lineHeight: 18 },
      ...(option.tooltip as object),
    },
  }
}

export function Chart({ kind, height, option, points, onPick, below, legend, ...card }: Props) {
  const t = useTexts(chartTexts)
  const colors = useColors()
  const drawn = useRef<Drawn>(null)
  const [ready, setReady] = useState(0)
  const [point, setPoint] = useState(-1)
  const picked = useRef(onPick)
  picked.current = onPick

  // Whoever turns to the table takes the place away; it is drawn anew on the way back.
  const [element, setElement] = useState<HTMLDivElement | null>(null)
  useEffect(() => {
    if (!element) return
    let chart: Drawn | undefined
    let gone = false
    const sized = new ResizeObserver(() => chart?.resize())
    engineOf(kind).then(({ init }) => {
      if (gone) return
      chart = init(element, null, { renderer: 'svg' })
      chart.on('click', event =>
        picked.current?.(event as unknown as Picked, event.event?.event as unknown as MouseEvent),
      )
      drawn.current = chart
      sized.observe(element)
      setReady(count => count + 1)
    })
    return () => {
      gone = true
      sized.disconnect()
      chart?.dispose()
      drawn.current = null
    }
  }, [element, kind])

  useEffect(() => {
    if (ready) drawn.current?.setOption(withManners(option(colors), colors), true)
  }, [ready, option, colors])

  const go = (to: number) => {
    if (!points?.length) return
    const next = Math.max(0, Math.min(points.length - 1, to))
    setPoint(next)
    drawn.current?.dispatchAction({ type: 'showTip', seriesIndex: 0, dataIndex: next })
    announce(points[next] ?? '')
  }

  return (
    <ChartCard
      {...card}
      picture={() => ({
        svg: drawn.current?.getDataURL({ type: 'svg' }) ?? '',
        width: element?.clientWidth ?? 0,
        height,
        legend,
      })}
    >
      <div
        ref={setElement}
        className={styles.canvas}
        style={{ height }}
        role="img"
        aria-label={[card.finding ?? card.title, points && t.keys].filter(Boolean).join(' ')}
        tabIndex={points ? 0 : undefined}
        onKeyDown={event => {
          const to = { ArrowRight: point + 1, ArrowLeft: point - 1, Home: 0, End: Infinity }[
            event.key
          ]
          if (event.key === 'Escape' && 0 <= point) {
            event.preventDefault()
            hide()
          } else if (to !== undefined && points) {
            event.preventDefault()
            go(to)
          }
        }}
        onBlur={hide}
      />
      {below}
    </ChartCard>
  )

  function hide() {
    setPoint(-1)
    drawn.current?.dispatchAction({ type: 'hideTip' })
  }
}
