/** The four things that show what Waypost is for; gone when they are done. */
import { CloseButton, Group, Paper, Text, Title } from '@mantine/core'
import { IconCircle, IconCircleCheck } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { Link as To } from '@tanstack/react-router'
import { useEffect } from 'react'
import { linkQuery } from '~/links/link'
import { domainsQuery } from '~/links/list'
import { useTexts } from '~/texts/texts'
import { begin, useBegun } from './progress'
import { welcomeTexts } from './texts'
import styles from './welcome.module.css'

/** A click may come at any moment; it is worth seeing when it does. */
const LOOK_MS = 3_000

export default function Checklist() {
  const begun = useBegun()
  if (!begun) return null
  return <Steps link={begun.link} hasTried={begun.hasTried} />
}

function Steps({ link: id, hasTried }: { link: string; hasTried: boolean }) {
  const t = useTexts(welcomeTexts)
  const domains = useQuery(domainsQuery)
  const { data, isError } = useQuery({
    ...linkQuery(id),
    refetchInterval: query => (query.state.data?.link.clicks === 0 ? LOOK_MS : false),
  })
  const link = data?.link
  const clicked = 0 < (link?.clicks ?? 0)
  const ruled = 0 < (link?.rules.length ?? 0)
  const hasDomain = 1 < (domains.data?.length ?? 0)
  const isDone = clicked && ruled && hasTried && hasDomain
  useEffect(() => {
    // Done, or the link that it was about is gone.
    if (isDone || isError) begin(null)
  }, [isDone, isError])
  if (!link) return null
  const params = { link: id }
  const steps = [
    {
      isDone: clicked,
      step: (
        <a href={link.shortUrl} target="_blank" rel="noopener">
          {t.click}
        </a>
      ),
    },
    {
      isDone: ruled,
      step: (
        <To to="/links/$link/rules" params={params}>
          {t.rule}
        </To>
      ),
    },
    {
      isDone: hasTried,
      step: (
        <To
          to="/links/$link/try"
          params={params}
          onClick={() => begin({ link: id, hasTried: true })}
        >
          {t.try}
        </To>
      ),
    },
    { isDone: hasDomain, step: <To to="/settings/domains">{t.domain}</To> },
  ]
  const left = steps.filter(step => !step.isDone).length
  return (
    <Paper
      withBorder
      p="lg"
      mb="lg"
      bg="var(--surface)"
      component="section"
      aria-label={t.checklist}
    >
      <Group justify="space-between" align="flex-start" wrap="nowrap">
        <Title order={2}>{t.checklist}</Title>
        <CloseButton aria-label={t.hide} title={t.hide} onClick={() => begin(null)} />
      </Group>
      <Text size="sm" c="dimmed">
        {t.left(left)}
      </Text>
      <ol className={styles.steps}>
        {steps.map(({ isDone, step }, index) => {
          const Icon = isDone ? IconCircleCheck : IconCircle
          return (
            // biome-ignore lint/suspicious/noArrayIndexKey: four steps that never change places
            <li key={index} data-done={isDone || undefined}>
              <Icon size={20} aria-hidden />
              {step}
              {isDone && <span className={styles.done}>{t.done}</span>}
            </li>
          )
        })}
      </ol>
    </Paper>
  )
}
