/** Where one is signed in, by browser and system, with a way to end each. */
import { Badge, Button } from '@mantine/core'
import { IconDeviceDesktop, IconDeviceMobile } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { api, got, type Schemas } from '~/api/client'
import { ConfirmButton } from '~/parts/ConfirmButton'
import { Loaded } from '~/parts/Loaded'
import { useFormat } from '~/texts/format'
import { useTexts } from '~/texts/texts'
import { useChange } from '../change'
import { Entries, Entry } from '../Entries'
import { Section } from '../Section'
import { deviceOf } from './device'
import { youTexts } from './texts'

type Session = Schemas['Session'] & { current?: boolean; place?: string | null }

const SESSIONS = ['sessions']

const end = (session: string) =>
  got(api.DELETE('/api/v1/sessions/{session}', { params: { path: { session } } }))

export function SessionsSection() {
  const t = useTexts(youTexts)
  const sessions = useQuery({
    queryKey: SESSIONS,
    queryFn: async () => (await got(api.GET('/api/v1/sessions'))).data as Session[],
  })
  const others = sessions.data?.filter(session => !session.current) ?? []
  const endOthers = useChange({
    change: () => Promise.all(others.map(session => end(session.id))),
    stale: SESSIONS,
    done: () => t.endedOthers,
  })
  return (
    <Section
      title={t.sessions}
      action={
        0 < others.length && (
          <ConfirmButton
            size="sm"
            label={t.endOthers}
            title={t.endOthersTitle}
            onConfirm={() => endOthers.mutate()}
          >
            {t.endOthersWhat}
          </ConfirmButton>
        )
      }
    >
      <Loaded query={sessions}>
        {all => (
          <Entries label={t.sessions}>
            {[...all]
              .sort((a, b) => b.lastUsedAt.localeCompare(a.lastUsedAt))
              .map(session => (
                <SessionEntry key={session.id} session={session} />
              ))}
          </Entries>
        )}
      </Loaded>
    </Section>
  )
}

function SessionEntry({ session }: { session: Session }) {
  const t = useTexts(youTexts)
  const format = useFormat()
  const device = deviceOf(session.agent)
  const name = device ? t.agentOn(device.browser, device.system) : session.agent || t.somewhere
  const Icon = device?.mobile ? IconDeviceMobile : IconDeviceDesktop
  const stop = useChange({
    change: () => end(session.id),
    stale: SESSIONS,
    done: () => t.ended(name),
  })
  return (
    <Entry
      title={
        <>
          <Icon size={18} aria-hidden />
          <span title={session.agent}>{name}</span>
          {session.current && (
            <Badge variant="default" size="sm">
              {t.thisOne}
            </Badge>
          )}
        </>
      }
      facts={[
        session.place,
        t.used(format.relative(session.lastUsedAt)),
        t.signedIn(format.date(session.createdAt)),
        t.endsOn(format.date(session.expiresAt)),
      ]}
      actions={
        !session.current && (
          <Button
            size="compact-sm"
            variant="default"
            loading={stop.isPending}
            aria-label={t.endOf(name)}
            onClick={() => stop.mutate()}
          >
            {t.end}
          </Button>
        )
      }
    />
  )
}
