/** The fixed last card: where those go whom no rule takes. */
import { Button } from '@mantine/core'
import { IconCircleOff } from '@tabler/icons-react'
import { useState } from 'react'
import { useTexts } from '~/texts/texts'
import type { Plan } from '../plan'
import type { Action, Variant } from '../sentence'
import { rulesTexts } from '../texts'
import { useSpeaker } from '../vocabulary'
import { ActionEditor } from './ActionEditor'
import styles from './cards.module.css'
import { Sentence } from './Sentence'
import { Share } from './Share'

interface Props {
  plan: Plan
  live: Plan
  share: number | undefined
  clicks: number | undefined
  may: number
  faults: ReadonlyMap<string, string>
  onChange: (change: Partial<Plan>, what?: string) => void
}

export function EveryoneElse({ plan, live, share, clicks, may, faults, onChange }: Props) {
  const t = useTexts(rulesTexts)
  const speaker = useSpeaker()
  const [isOpen, setOpen] = useState(false)
  const say = (plan: Plan) => speaker.action(actionOf(plan), t.everyoneElse)
  return (
    <li className={styles.card} style={{ borderLeftColor: 'var(--line)' }}>
      <div className={styles.top}>
        <span className={styles.handle} style={{ cursor: 'default' }}>
          <IconCircleOff size={18} aria-hidden />
        </span>
        <span />
        <Sentence text={say(plan)} before={say(live)} />
        <Share share={share} clicks={clicks} may={may} />
        <span />
        <Button size="compact-sm" variant="subtle" onClick={() => setOpen(!isOpen)}>
          {isOpen ? t.done : t.edit}
        </Button>
      </div>
      {isOpen && (
        <div className={styles.body}>
          <ActionEditor
            action={actionOf(plan)}
            destination={plan.destination}
            faults={faults}
            blocks={false}
            onChange={(action, what) => onChange(changeOf(plan, action), what && `else ${what}`)}
          />
        </div>
      )}
    </li>
  )
}

function actionOf({ destination, defaultSplit }: Plan): Action {
  return defaultSplit ? { split: defaultSplit as Variant[] } : { redirect: destination }
}

function changeOf(plan: Plan, action: Action): Partial<Plan> {
  if ('split' in action) return { defaultSplit: action.split }
  if ('redirect' in action) return { destination: action.redirect, defaultSplit: null }
  return plan
}
