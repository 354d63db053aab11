/** "Send iPhone users elsewhere?", a sentence whose words are menus, and which makes a rule. */
import { Alert, Button, Group, Stack, TextInput, Title } from '@mantine/core'
import { IconCircleCheck } from '@tabler/icons-react'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { Link as To } from '@tanstack/react-router'
import { useState } from 'react'
import { api, got, type Schemas } from '~/api/client'
import { Problem } from '~/api/problem'
import type { Link } from '~/links/link'
import { withoutScheme, withScheme } from '~/parts/address'
import { useFormat } from '~/texts/format'
import { useTexts } from '~/texts/texts'
import { conditionOf, DEVICES, type Device, PLACES } from './groups'
import { begin } from './progress'
import { welcomeTexts } from './texts'
import styles from './welcome.module.css'

export function FirstRule({ link }: { link: Link }) {
  const t = useTexts(welcomeTexts)
  const format = useFormat()
  const queries = useQueryClient()
  const [device, setDevice] = useState<Device>('iphone')
  const [place, setPlace] = useState('any')
  const [address, setAddress] = useState('')
  const when = conditionOf(device, place)
  const placed = (place: string) =>
    place === 'any' ? t.anywhere : place === 'EU' ? t.inEurope : t.inCountry(format.country(place))
  const who = `${t.devices[device]} ${placed(place)}`
  const made = useMutation({
    mutationFn: () =>
      got(
        api.POST('/api/v1/links/{link}/rules', {
          params: { path: { link: link.id } },
          body: {
            name: who.charAt(0).toUpperCase() + who.slice(1),
            when,
            action: { redirect: withScheme(address) },
          } as Schemas['NewRule'],
        }),
      ),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['link', link.id] }),
  })

  if (made.data) {
    return (
      <Alert
        variant="default"
        icon={<IconCircleCheck aria-hidden />}
        title={t.ruleMade(who, withoutScheme(withScheme(address)), withoutScheme(link.destination))}
        role="status"
      >
        <Group gap="sm" mt="sm">
          <Button
            component={To}
            to="/links/$link/try"
            params={{ link: link.id } as never}
            onClick={() => begin({ link: link.id, hasTried: true })}
          >
            {t.tryIt}
          </Button>
          <Button
            component={To}
            variant="default"
            to="/links/$link/rules"
            params={{ link: link.id } as never}
          >
            {t.seeRule}
          </Button>
        </Group>
      </Alert>
    )
  }
  const { error } = made
  return (
    <form
      onSubmit={event => {
        event.preventDefault()
        if (when && address.trim()) made.mutate()
      }}
    >
      <Stack gap="md">
        <Title order={2} className={styles.sentence}>
          {t.send}{' '}
          <Menu
            label={t.who}
            value={device}
            onChange={device => setDevice(device as Device)}
            options={Object.keys(DEVICES).map(device => [device, t.devices[device as Device]])}
          />{' '}
          <Menu
            label={t.fromWhere}
            value={place}
            onChange={setPlace}
            options={['any', ...PLACES].map(place => [place, placed(place)])}
          />{' '}
          {t.elsewhere}
        </Title>
        <Group gap="sm" align="flex-start">
          <TextInput
            aria-label={t.where}
            placeholder="https://apps.apple.com/…"
            inputMode="url"
            spellCheck={false}
            value={address}
            onChange={event => {
              setAddress(event.currentTarget.value)
              made.reset()
            }}
            error={when ? faultOf(error) : t.everybody}
            flex="1 1 280px"
          />
          <Button type="submit" disabled={!when || !address.trim()} loading={made.isPending}>
            {t.makeRule}
          </Button>
        </Group>
      </Stack>
    </form>
  )
}

interface MenuProps {
  label: string
  value: string
  onChange: (value: string) => void
  options: string[][]
}

/** A word that is a menu: the browser's own, so that every key and screen reader knows it. */
function Menu({ label, value, onChange, options }: MenuProps) {
  return (
    <select
      className={styles.word}
      aria-label={label}
      value={value}
      onChange={event => onChange(event.currentTarget.value)}
    >
      {options.map(([value, text]) => (
        <option key={value} value={value}>
          {text}
        </option>
      ))}
    </select>
  )
}

function faultOf(error: Error | null): string | undefined {
  if (!(error instanceof Problem)) return error?.message
  return error.fault('action.redirect') ?? error.faults[0]?.detail ?? error.message
}
