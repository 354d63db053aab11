/** Passkeys: added on this device, listed, removed. */
import { Button, Group, Text, TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { deletePasskey, type Passkey, passkeysQuery, waysQuery } from '~/api/accounts'
import { addPasskey, knowsPasskeys, wasCancelled } from '~/api/passkeys'
import { ConfirmButton } from '~/parts/ConfirmButton'
import { Loaded } from '~/parts/Loaded'
import { notifyProblem } from '~/shell/notices'
import { useFormat } from '~/texts/format'
import { useTexts } from '~/texts/texts'
import { useChange } from '../change'
import { Entries, Entry } from '../Entries'
import { Section } from '../Section'
import { deviceOf } from './device'
import { youTexts } from './texts'

export function PasskeysSection() {
  const t = useTexts(youTexts)
  const [adds, setAdds] = useState(false)
  const offered = useQuery(waysQuery).data?.passkeys ?? false
  const passkeys = useQuery({ ...passkeysQuery, enabled: offered })
  // A server that does not know them is not reproached with it.
  if (!offered) return null
  return (
    <Section
      title={t.passkeys}
      about={t.passkeysAbout}
      action={
        knowsPasskeys() &&
        !adds && (
          <Button variant="default" onClick={() => setAdds(true)}>
            {t.addPasskey}
          </Button>
        )
      }
    >
      {!knowsPasskeys() && <Text size="sm">{t.passkeysUnknown}</Text>}
      {adds && <AddPasskey onDone={() => setAdds(false)} />}
      <Loaded query={passkeys} height={40}>
        {({ data }) =>
          data.length === 0 ? (
            <Text size="sm">{t.passkeysNone}</Text>
          ) : (
            <Entries label={t.passkeys}>
              {data.map(passkey => (
                <PasskeyEntry key={passkey.id} passkey={passkey} />
              ))}
            </Entries>
          )
        }
      </Loaded>
    </Section>
  )
}

function AddPasskey({ onDone }: { onDone: () => void }) {
  const t = useTexts(youTexts)
  const device = deviceOf(navigator.userAgent)
  const [name, setName] = useState(device ? t.agentOn(device.browser, device.system) : '')
  const add = useChange({
    change: (name: string) => addPasskey(name),
    stale: ['me'],
    quiet: true,
    done: (_, name) => t.passkeyAdded(name),
    onSuccess: onDone,
  })
  return (
    <form
      onSubmit={event => {
        event.preventDefault()
        add.mutate(name.trim(), {
          onError: error => {
            if (!wasCancelled(error)) notifyProblem(error)
          },
        })
      }}
    >
      <Group align="flex-end">
        <TextInput
          label={t.passkeyName}
          required
          withAsterisk={false}
          autoFocus
          flex="1 1 240px"
          maw={360}
          value={name}
          onChange={event => setName(event.currentTarget.value)}
        />
        <Button type="submit" loading={add.isPending}>
          {t.addPasskey}
        </Button>
        <Button variant="default" onClick={onDone}>
          {t.cancel}
        </Button>
      </Group>
    </form>
  )
}

function PasskeyEntry({ passkey }: { passkey: Passkey }) {
  const t = useTexts(youTexts)
  const format = useFormat()
  const remove = useChange({
    change: () => deletePasskey(passkey.id),
    stale: ['me'],
    done: () => t.passkeyRemoved(passkey.name),
  })
  return (
    <Entry
      title={passkey.name}
      facts={[
        t.made(format.date(passkey.createdAt)),
        passkey.lastUsedAt ? t.used(format.relative(passkey.lastUsedAt)) : t.neverUsed,
      ]}
      actions={
        <ConfirmButton
          label={t.remove}
          title={t.removePasskey(passkey.name)}
          onConfirm={() => remove.mutate()}
        >
          {t.removePasskeyWhat}
        </ConfirmButton>
      }
    />
  )
}
