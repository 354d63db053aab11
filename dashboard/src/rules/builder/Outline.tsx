/**
 * A tree too deep to be edited by rows, or one of another shape: as an outline that is always whole,
 * and as JSON that can be edited.
 */
import { Button, Group, Stack, Textarea } from '@mantine/core'
import { useState } from 'react'
import { useTexts } from '~/texts/texts'
import { rulesTexts } from '../texts'
import { isAny, isNot, isTest, isWhen, type Place, placesIn, type When } from '../tree'
import { useSpeaker } from '../vocabulary'
import styles from './builder.module.css'
import { Count } from './Count'
import { useBuilding } from './context'
import { Remarks } from './Remarks'

export function Outline() {
  const { when } = useBuilding()
  return (
    <Stack gap="sm">
      <ul className={styles.outline}>
        <Branch part={when} at="" />
      </ul>
      <Json />
    </Stack>
  )
}

function Branch({ part, at }: { part: When; at: Place }) {
  const { counts } = useBuilding()
  const t = useTexts(rulesTexts)
  const speaker = useSpeaker()
  if (isTest(part)) {
    return (
      <li>
        {speaker.part(part)} <Count outcomes={counts.get(at)} />
        <Remarks at={at} />
      </li>
    )
  }
  return (
    <li>
      <strong>{isNot(part) ? t.notThis : isAny(part) ? t.anyOf : t.allOf}</strong>{' '}
      <Count outcomes={counts.get(at)} />
      <Remarks at={at} />
      <ul>
        {placesIn(part, at).map(([place, child]) => (
          <Branch key={place} part={child} at={place} />
        ))}
      </ul>
    </li>
  )
}

/** The conditions as the API takes them. */
export function Json() {
  const { when, edit, faults } = useBuilding()
  const t = useTexts(rulesTexts)
  const [typed, setTyped] = useState<string>()
  const [problem, setProblem] = useState<string>()
  const text = typed ?? JSON.stringify(when, null, 2)
  const apply = () => {
    try {
      const json: unknown = JSON.parse(text)
      if (!isWhen(json)) return setProblem(t.noTree)
      edit(json)
      setTyped(undefined)
      setProblem(undefined)
    } catch (error) {
      setProblem(t.noJson(error instanceof Error ? error.message : ''))
    }
  }
  return (
    <Stack gap="xs">
      <Textarea
        label={t.asJson}
        autosize
        minRows={4}
        maxRows={24}
        spellCheck={false}
        classNames={{ input: 'address' }}
        value={text}
        error={problem ?? [...faults.values()][0]}
        onChange={event => setTyped(event.currentTarget.value)}
      />
      <Group gap="xs">
        <Button size="compact-sm" disabled={typed === undefined} onClick={apply}>
          {t.apply}
        </Button>
        {typed !== undefined && (
          <Button size="compact-sm" variant="default" onClick={() => setTyped(undefined)}>
            {t.dropEdit}
          </Button>
        )}
      </Group>
    </Stack>
  )
}
