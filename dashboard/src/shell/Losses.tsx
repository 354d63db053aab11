/** Says on every page that clicks were lost, or are being lost: nobody looks for that by themselves. */
import { Alert, Anchor } from '@mantine/core'
import { IconAlertTriangle } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { aboutQuery } from '~/api/about'
import { useFormat } from '~/texts/format'
import { useTexts } from '~/texts/texts'
import { shellTexts } from './texts'

export default function Losses() {
  const t = useTexts(shellTexts)
  const format = useFormat()
  const clicks = useQuery({ ...aboutQuery, refetchInterval: 60_000 }).data?.clicks
  if (!clicks || (!clicks.failing && clicks.unrecorded === 0)) return null
  return (
    <Alert color="red" mb="md" icon={<IconAlertTriangle aria-hidden />}>
      {clicks.failing
        ? t.losing
        : t.lost(format.number(clicks.unrecorded), clicks.unrecorded === 1)}{' '}
      <Anchor component={Link} to="/settings/retention" inherit underline="always">
        {t.lostMore}
      </Anchor>
    </Alert>
  )
}
