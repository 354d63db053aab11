/** One condition: the field, how it is compared, with what; and what can be done to it. */
import { ActionIcon, CloseButton, Menu, NativeSelect, Select, TextInput } from '@mantine/core'
import {
  IconArrowDown,
  IconArrowUp,
  IconCalendarWeek,
  IconCopy,
  IconDots,
  IconExclamationMark,
  IconPlus,
} from '@tabler/icons-react'
import { lazy, Suspense, useEffect, useRef, useState } from 'react'
import { announce } from '~/shell/announcer'
import { useTexts } from '~/texts/texts'
import { blank, fieldOf, operatorOf, withField, withOperator } from '../fields'
import { inputTexts } from '../inputs/texts'
import { ValueInput } from '../inputs/ValueInput'
import { ZoneInput } from '../inputs/WordInputs'
import { weekOf } from '../schedule'
import { rulesTexts } from '../texts'
import {
  alongside,
  givenAt,
  indexOf,
  inserted,
  type Place,
  parentOf,
  partAt,
  partsOf,
  removed,
  replaced,
  shifted,
  type Test,
  negated as turned,
} from '../tree'
import { useSpeaker } from '../vocabulary'
import styles from './builder.module.css'
import { Count } from './Count'
import { useBuilding } from './context'
import { Remarks } from './Remarks'

const WeekDialog = lazy(() => import('./WeekDialog'))

interface Props {
  test: Test
  /** Of the test itself, within its `not`. */
  at: Place
  negated: boolean
}

export function ConditionRow({ test, at, negated }: Props) {
  const { vocabulary, link, when, edit, counts, faults, undone, focus } = useBuilding()
  const t = useTexts(rulesTexts)
  const i = useTexts(inputTexts)
  const speaker = useSpeaker()
  const fieldInput = useRef<HTMLInputElement>(null)
  const [choosesWeek, setChoosesWeek] = useState(false)
  // What stands in the group: the test, or the `not` around it.
  const line = negated ? parentOf(at)! : at
  const field = fieldOf(vocabulary, test.field)
  const operator = operatorOf(vocabulary, test.operator)
  const said = speaker.part(test)
  const isClock = field?.source === 'clock'

  useEffect(() => {
    if (focus.current !== line && focus.current !== at) return
    focus.current = null
    fieldInput.current?.focus()
  })

  const put = (next: Test, what?: string) => edit(replaced(when, at, next), what && `${at} ${what}`)
  const remove = () => {
    // The focus goes to what takes its place, else to what stood before it.
    const around = parentOf(line)
    const rest = around === undefined ? 0 : partsOf(partAt(when, around)!).length - 1
    if (around !== undefined && 0 < rest) {
      focus.current = line.replace(/\[\d+\]$/, `[${Math.min(indexOf(line), rest - 1)}]`)
    }
    edit(removed(when, line) ?? { all: [blank(vocabulary, 'country')] })
    announce(t.conditionRemoved(said))
  }
  const move = (by: number) => {
    const to = indexOf(line) + by
    focus.current = line.replace(/\[\d+\]$/, `[${to}]`)
    edit(shifted(when, line, by))
  }
  const around = parentOf(line)
  const siblings = around === undefined ? 1 : partsOf(partAt(when, around)!).length
  const fault =
    faults.get(`${at}.value`.replace(/^\./, '')) ?? faults.get(`${at}.operator`.replace(/^\./, ''))

  const names = [...new Set(vocabulary.fields.map(field => field.group))].map(group => ({
    group,
    items: vocabulary.fields
      .filter(field => field.group === group)
      .map(({ name, label }) => ({ value: name, label })),
  }))
  const known = field !== undefined && operator !== undefined
  const offered = field?.operators.map(name => ({
    value: name,
    label: operatorOf(vocabulary, name)?.label ?? name,
  }))

  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset would draw a frame that a row must not have
    <div className={styles.row} role="group" aria-label={said} data-negated={negated}>
      <div className={styles.controls}>
        {negated && <span className={styles.not}>{t.not}</span>}
        <Select
          ref={fieldInput}
          className={styles.field}
          aria-label={t.field}
          data={known ? names : [...names, { group: '?', items: [test.field] }]}
          value={field?.name ?? test.field}
          searchable
          allowDeselect={false}
          checkIconPosition="right"
          maxDropdownHeight={320}
          comboboxProps={{ width: 240, position: 'bottom-start' }}
          onChange={name => {
            if (!name || name === field?.name) return
            put(withField(vocabulary, test, name.replace('*', '')))
          }}
        />
        {field?.parameter !== undefined && (
          <TextInput
            className={styles.parameter}
            aria-label={i.parameter}
            placeholder={i.parameterHint}
            value={field.parameter}
            onChange={event => {
              const name = field.name.slice(0, -1) + event.currentTarget.value.trim()
              put({ ...test, field: name }, 'parameter')
            }}
          />
        )}
        <NativeSelect
          className={styles.operator}
          aria-label={t.operator}
          value={test.operator}
          data={offered ?? [test.operator]}
          onChange={event => put(withOperator(vocabulary, test, event.currentTarget.value))}
        />
        <div className={styles.value}>
          {field && operator && (
            <ValueInput
              field={field}
              takes={operator.values}
              operator={test.operator}
              value={test.value}
              link={link}
              given={givenAt(when, at)}
              error={undone.includes(at) ? undefined : fault}
              onChange={value => put({ ...test, value }, 'value')}
            />
          )}
          {isClock && (
            <div className={styles.zone}>
              <ZoneInput
                label={i.zone}
                many={false}
                values={test.timezone ? [test.timezone] : []}
                onChange={([zone]) => {
                  const { timezone: _, ...bare } = test
                  put(zone ? { ...bare, timezone: zone } : bare)
                }}
              />
              {!test.timezone && <span className={styles.hint}>{i.zoneVisitor}</span>}
            </div>
          )}
          {!known && <code className={styles.foreign}>{JSON.stringify(test)}</code>}
        </div>
      </div>
      <Count outcomes={counts.get(at)} />
      <Menu position="bottom-end" withinPortal>
        <Menu.Target>
          <ActionIcon variant="subtle" color="gray" aria-label={t.moreOf(said)}>
            <IconDots size={16} />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item
            leftSection={<IconExclamationMark size={16} />}
            onClick={() => {
              edit(turned(when, line))
              announce(negated ? t.notRemoved : t.notAdded)
            }}
          >
            {negated ? t.removeNot : t.addNot}
          </Menu.Item>
          <Menu.Item
            leftSection={<IconPlus size={16} />}
            onClick={() => {
              edit(alongside(when, line, blank(vocabulary, test.field), 'any'))
              announce(t.groupAdded)
            }}
          >
            {t.orElse}
          </Menu.Item>
          <Menu.Item
            leftSection={<IconCopy size={16} />}
            onClick={() =>
              edit(
                around === undefined
                  ? { all: [when, test] }
                  : inserted(when, around, indexOf(line) + 1, partAt(when, line)!),
              )
            }
          >
            {t.duplicate}
          </Menu.Item>
          {isClock && weekOf(test) && (
            <Menu.Item
              leftSection={<IconCalendarWeek size={16} />}
              onClick={() => setChoosesWeek(true)}
            >
              {t.asWeek}
            </Menu.Item>
          )}
          {1 < siblings && (
            <>
              <Menu.Item
                leftSection={<IconArrowUp size={16} />}
                disabled={indexOf(line) === 0}
                onClick={() => move(-1)}
              >
                {t.moveUp}
              </Menu.Item>
              <Menu.Item
                leftSection={<IconArrowDown size={16} />}
                disabled={indexOf(line) === siblings - 1}
                onClick={() => move(1)}
              >
                {t.moveDown}
              </Menu.Item>
            </>
          )}
        </Menu.Dropdown>
      </Menu>
      <CloseButton aria-label={t.removeCondition(said)} onClick={remove} />
      <Remarks at={at} wanting={undone.includes(at)} source={field?.source} />
      <Suspense fallback={null}>
        {choosesWeek && <WeekDialog at={line} onClose={() => setChoosesWeek(false)} />}
      </Suspense>
    </div>
  )
}
