/** What happens to those whom a rule takes: one address, several by weight, or none. */
import {
  Button,
  CloseButton,
  Group,
  NativeSelect,
  NumberInput,
  Radio,
  Slider,
  Stack,
  Text,
  TextInput,
} from '@mantine/core'
import { IconPlus } from '@tabler/icons-react'
import { useId } from 'react'
import { announce } from '~/shell/announcer'
import { useTexts } from '~/texts/texts'
import { type Action, shareOf, type Variant } from '../sentence'
import { filled } from '../slots'
import { rulesTexts } from '../texts'
import styles from './cards.module.css'

interface Props {
  action: Action
  /** The link's own destination, where nobody wrote another yet. */
  destination: string
  onChange: (action: Action, what?: string) => void
  /** What is wrong, by the place within the action: `redirect`, `split[1].redirect`. */
  faults: ReadonlyMap<string, string>
  /** Whether they may be turned away: everyone else may not. */
  blocks?: boolean
}

const STATUSES = [403, 404, 410, 451] as const
type Kind = 'redirect' | 'split' | 'block'

export function ActionEditor({ action, destination, onChange, faults, blocks = true }: Props) {
  const t = useTexts(rulesTexts)
  const id = useId()
  const kind: Kind = 'split' in action ? 'split' : 'block' in action ? 'block' : 'redirect'
  const first =
    'redirect' in action ? action.redirect : 'split' in action ? action.split[0]?.redirect : ''
  const turn = (next: Kind) => {
    const url = first || destination
    if (next === 'redirect') onChange({ redirect: url })
    else if (next === 'block') onChange({ block: 404 })
    else {
      onChange({
        split: [
          { weight: 1, redirect: url },
          { weight: 1, redirect: url === destination ? '' : destination },
        ],
      })
    }
  }
  return (
    <Stack gap="sm">
      <Radio.Group
        aria-label={t.happens}
        name={id}
        value={kind}
        onChange={value => turn(value as Kind)}
      >
        <Group gap="md">
          <Radio value="redirect" label={t.sendTo} />
          <Radio value="split" label={t.split} />
          {blocks && <Radio value="block" label={t.block} />}
        </Group>
      </Radio.Group>
      {'redirect' in action && (
        <Address
          label={t.destination}
          value={action.redirect}
          error={faults.get('redirect')}
          onChange={redirect => onChange({ redirect }, 'redirect')}
        />
      )}
      {'split' in action && (
        <Split
          variants={action.split}
          faults={faults}
          onChange={(split, what) => onChange({ split }, what)}
        />
      )}
      {'block' in action && (
        <NativeSelect
          w={320}
          maw="100%"
          label={t.blockPage}
          value={String(action.block)}
          data={STATUSES.map(status => ({
            value: String(status),
            label: t.statuses[status] ?? String(status),
          }))}
          onChange={event => onChange({ block: Number(event.currentTarget.value) })}
        />
      )}
      {faults.get('') && <Text c="var(--bad)">{faults.get('')}</Text>}
    </Stack>
  )
}

interface AddressProps {
  label: string
  value: string
  error?: string
  onChange: (url: string) => void
}

/** An address, and what a visitor gets of it where it has slots such as `{country}`. */
export function Address({ label, value, error, onChange }: AddressProps) {
  const t = useTexts(rulesTexts)
  const preview = filled(value)
  return (
    <TextInput
      type="url"
      aria-label={label}
      value={value}
      spellCheck={false}
      placeholder="https://example.com/"
      classNames={{ input: 'address' }}
      // An address that nobody wrote yet is not a wrong one.
      error={value === '' ? undefined : error}
      description={
        preview ? (
          <span className="address">{t.slots(preview.values.join(', '), preview.url)}</span>
        ) : value === '' ? (
          t.slotsHint
        ) : undefined
      }
      inputWrapperOrder={['input', 'description', 'error']}
      onChange={event => onChange(event.currentTarget.value)}
    />
  )
}

interface SplitProps {
  variants: readonly Variant[]
  faults: ReadonlyMap<string, string>
  onChange: (variants: Variant[], what?: string) => void
}

/** Whole numbers: their share of the sum is said beside them. */
export function Split({ variants, faults, onChange }: SplitProps) {
  const t = useTexts(rulesTexts)
  const sum = variants.reduce((sum, { weight }) => sum + weight, 0)
  const put = (index: number, change: Partial<Variant>, what: string) =>
    onChange(
      variants.map((variant, i) => (i === index ? { ...variant, ...change } : variant)),
      `${what} ${index}`,
    )
  const most = Math.max(100, ...variants.map(({ weight }) => weight))
  return (
    <Stack gap="sm">
      <ol className={styles.variants}>
        {variants.map(({ weight, redirect }, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a variant is its place
          <li key={index} className={styles.variant}>
            <Address
              label={t.variantAddress(index + 1)}
              value={redirect}
              error={faults.get(`split[${index}].redirect`)}
              onChange={redirect => put(index, { redirect }, 'redirect')}
            />
            <Group gap="sm" wrap="nowrap">
              <NumberInput
                w={88}
                aria-label={t.variantWeight(index + 1)}
                min={0}
                max={1_000_000}
                allowDecimal={false}
                allowNegative={false}
                value={weight}
                error={Boolean(faults.get(`split[${index}].weight`))}
                onChange={value => put(index, { weight: Number(value) || 0 }, 'weight')}
              />
              <Slider
                className={styles.slider}
                min={0}
                max={most}
                value={weight}
                label={null}
                thumbLabel={t.variantWeight(index + 1)}
                onChange={weight => put(index, { weight }, 'weight')}
              />
              <Text size="sm" className={styles.shareOf}>
                {t.weightOf(weight, sum, shareOf(weight, sum))}
              </Text>
              <CloseButton
                aria-label={t.removeVariant(index + 1)}
                disabled={variants.length < 2}
                onClick={() => {
                  onChange(variants.filter((_, i) => i !== index))
                  announce(t.variantRemoved(index + 1))
                }}
              />
            </Group>
          </li>
        ))}
      </ol>
      {faults.get('split') && <Text c="var(--bad)">{faults.get('split')}</Text>}
      <Group>
        <Button
          size="compact-sm"
          variant="subtle"
          leftSection={<IconPlus size={14} aria-hidden />}
          onClick={() =>
            onChange([...variants, { weight: variants.at(-1)?.weight || 1, redirect: '' }])
          }
        >
          {t.addVariant}
        </Button>
      </Group>
    </Stack>
  )
}
