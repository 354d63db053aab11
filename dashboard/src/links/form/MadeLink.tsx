/** A link that was just made: its short address, its QR code, and what may come next. */
import { Anchor, Group, Stack, Text, Title } from '@mantine/core'
import type { ReactNode } from 'react'
import { withoutScheme } from '~/parts/address'
import { CopyButton } from '~/parts/CopyButton'
import { useTexts } from '~/texts/texts'
import type { Link } from '../link'
import { linksTexts } from '../texts'
import { formTexts } from './texts'

export function MadeLink({ link, children }: { link: Link; children?: ReactNode }) {
  const t = useTexts(formTexts)
  const texts = useTexts(linksTexts)
  return (
    <Stack gap="lg" align="flex-start">
      <Title order={2}>{t.madeTitle}</Title>
      <Group gap="sm">
        <Anchor
          href={link.shortUrl}
          target="_blank"
          rel="noopener"
          className="address"
          fz={20}
          fw={600}
        >
          {withoutScheme(link.shortUrl)}
        </Anchor>
        <CopyButton value={link.shortUrl} label={texts.copyShort} />
      </Group>
      <img
        src={`/api/v1/links/${link.id}/qr?format=svg`}
        alt={texts.qrOf(link.slug)}
        width={160}
        height={160}
        style={{ borderRadius: 'var(--radius)' }}
      />
      {(link.warnings ?? []).map(warning => (
        <Text key={warning.message} size="sm" c="var(--unknown)">
          {warning.message}
        </Text>
      ))}
      {children}
    </Stack>
  )
}
