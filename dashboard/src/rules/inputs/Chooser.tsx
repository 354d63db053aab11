/** Values as pills: chosen from a list that is searched by typing, typed, or pasted many at once. */
import { Combobox, Group, Pill, PillsInput, Text, useCombobox } from '@mantine/core'
import { IconCheck } from '@tabler/icons-react'
import { type ReactNode, useEffect, useState } from 'react'
import { announce } from '~/shell/announcer'
import { useTexts } from '~/texts/texts'
import styles from './inputs.module.css'
import { inputTexts } from './texts'

export interface Option {
  value: string
  label: string
  /** Beside the label, smaller: a code, a count. */
  note?: string
  icon?: ReactNode
  /** Further words by which it is found. */
  words?: string
  /** What is inserted in its place: a group's members. */
  members?: readonly string[]
}

export interface Reading {
  values: readonly string[]
  /** Why the rest of the text was left where it is. */
  problem?: string
  rest?: string
}

interface Props {
  label: string
  values: readonly string[]
  many: boolean
  options: readonly Option[]
  onChange: (values: string[]) => void
  /** How a chosen value is shown, where it is no option. */
  show?: (value: string) => Option
  /** Takes what was typed for values; without it, only options can be chosen. */
  read?: (text: string) => Reading
  /** Whether a text is one value as it is, commas and all. */
  whole?: boolean
  placeholder?: string
  error?: ReactNode
  description?: ReactNode
}

/** Options drawn at once: all countries, so that a mouse reaches each. Typing finds the others. */
const MOST = 300

export function Chooser(props: Props) {
  const { label, values, many, options, onChange, show, read, whole } = props
  const t = useTexts(inputTexts)
  const [typed, setTyped] = useState('')
  const [problem, setProblem] = useState<string>()
  const combobox = useCombobox({
    onDropdownClose: () => combobox.resetSelectedOption(),
    onDropdownOpen: () => combobox.updateSelectedOptionIndex('active'),
  })

  const words = typed.trim().toLowerCase()
  // Only now stand there those that fit what was typed.
  const { selectFirstOption } = combobox
  useEffect(() => {
    if (words) selectFirstOption()
  }, [words, selectFirstOption])
  const found = options
    .map(option => ({ option, rank: rank(option, words) }))
    .filter(({ rank }) => rank < 3)
    .sort((a, b) => a.rank - b.rank)
    .slice(0, MOST)
    .map(({ option }) => option)
  const exact = options.some(({ value }) => value.toLowerCase() === words)
  const offersText = read && words !== '' && !exact && (found.length === 0 || whole)

  const put = (added: readonly string[]) => {
    const fresh = added.filter(value => !values.includes(value))
    onChange(many ? [...values, ...fresh] : added.slice(-1))
    announce(t.added(added.map(value => shown(value).label).join(', ')))
  }
  const drop = (value: string) => {
    onChange(values.filter(other => other !== value))
    announce(t.removed(shown(value).label))
  }
  const shown = (value: string): Option =>
    options.find(option => option.value === value && !option.members) ??
    show?.(value) ?? { value, label: value }

  const choose = (value: string) => {
    setTyped('')
    setProblem(undefined)
    if (value === TEXT) return take(typed)
    const option = options.find(option => option.value === value)
    if (option?.members) put(option.members)
    else if (values.includes(value) && many) drop(value)
    else put([value])
    if (!many) combobox.closeDropdown()
  }
  const take = (text: string): boolean => {
    if (!text.trim() || !read) return false
    const { values: meant, rest = '', problem } = read(text)
    if (meant.length > 0) put(meant)
    setTyped(rest)
    setProblem(problem)
    return meant.length > 0 && !problem
  }

  return (
    <Combobox store={combobox} onOptionSubmit={choose} withinPortal position="bottom-start">
      <Combobox.DropdownTarget>
        <PillsInput
          size="sm"
          error={problem ?? props.error}
          description={props.description}
          inputWrapperOrder={['input', 'description', 'error']}
          onClick={() => combobox.openDropdown()}
        >
          <Pill.Group gap={4}>
            {values.map(value => {
              const { label, icon, note } = shown(value)
              return (
                <Pill
                  key={value}
                  withRemoveButton
                  className={styles.pill}
                  onRemove={() => drop(value)}
                  removeButtonProps={{
                    'aria-label': t.remove(label),
                    tabIndex: 0,
                    'aria-hidden': false,
                  }}
                >
                  <span
                    className={styles.pillLabel}
                    title={note ? `${label} (${note})` : undefined}
                  >
                    {icon}
                    {label}
                  </span>
                </Pill>
              )
            })}
            <Combobox.EventsTarget withExpandedAttribute>
              <PillsInput.Field
                aria-label={label}
                role="combobox"
                value={typed}
                placeholder={
                  values.length === 0 ? (props.placeholder ?? t.choose) : many ? t.more : ''
                }
                className={styles.field}
                onFocus={() => combobox.openDropdown()}
                onBlur={() => {
                  combobox.closeDropdown()
                  take(typed)
                }}
                onChange={event => {
                  const text = event.currentTarget.value
                  setProblem(undefined)
                  combobox.openDropdown()
                  combobox.updateSelectedOptionIndex()
                  // A separator ends a value, unless it may be part of one.
                  if (read && !whole && many && /[,;\n]\s*$/.test(text))
                    take(text.replace(/[,;\s]+$/, ''))
                  else setTyped(text)
                }}
                onPaste={event => {
                  const text = event.clipboardData.getData('text')
                  if (!read || !many || whole || !/[,;\n\t]/.test(text)) return
                  event.preventDefault()
                  take(text)
                }}
                onKeyDown={event => {
                  if (event.key === 'Backspace' && typed === '' && values.length > 0) {
                    event.preventDefault()
                    drop(values.at(-1)!)
                  } else if (event.key === 'Escape' && combobox.dropdownOpened) {
                    // The list alone is closed, not what it stands in.
                    event.stopPropagation()
                    combobox.closeDropdown()
                  } else if (event.key === 'Enter' && found.length === 0 && !offersText) {
                    event.preventDefault()
                    take(typed)
                  }
                }}
              />
            </Combobox.EventsTarget>
          </Pill.Group>
        </PillsInput>
      </Combobox.DropdownTarget>
      <Combobox.Dropdown className={styles.dropdown} hidden={found.length === 0 && !offersText}>
        <Combobox.Options mah={280} style={{ overflowY: 'auto' }} aria-label={label}>
          {found.map(option => {
            const active = !option.members && values.includes(option.value)
            return (
              <Combobox.Option key={option.value} value={option.value} active={active}>
                <Group gap="sm" wrap="nowrap" justify="space-between">
                  <span className={styles.pillLabel}>
                    {option.icon}
                    {option.label}
                  </span>
                  <Group gap="xs" wrap="nowrap">
                    {option.note && (
                      <Text span size="xs" className={styles.note}>
                        {option.note}
                      </Text>
                    )}
                    {active && <IconCheck size={14} aria-hidden />}
                  </Group>
                </Group>
              </Combobox.Option>
            )
          })}
          {offersText && <Combobox.Option value={TEXT}>{t.use(typed.trim())}</Combobox.Option>}
        </Combobox.Options>
      </Combobox.Dropdown>
    </Combobox>
  )
}

/** The option that stands for what was typed. */
const TEXT = '\u0000'

/** 0 where it is the value itself, 1 where it begins so, 2 where it occurs, 3 where it does not. */
function rank({ value, label, words = '' }: Option, typed: string): number {
  if (!typed) return 1
  if (value.toLowerCase() === typed) return 0
  if (label.toLowerCase().startsWith(typed)) return 1
  const text = `${label} ${value} ${words}`.toLowerCase()
  return text.includes(typed) ? 2 : 3
}
