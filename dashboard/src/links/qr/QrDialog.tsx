/** A link's QR code: its colours, a logo, its size, and files of it. */
import {
  Alert,
  Button,
  FileInput,
  Group,
  Modal,
  NativeSelect,
  Skeleton,
  Stack,
  Text,
  TextInput,
} from '@mantine/core'
import { IconAlertTriangle, IconDownload } from '@tabler/icons-react'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { withoutScheme } from '~/parts/address'
import { Failed } from '~/parts/Failed'
import { notify, notifyProblem } from '~/shell/notices'
import { useTexts } from '~/texts/texts'
import { save } from '../export'
import type { Link } from '../link'
import { addressOf, contrast, drawn, type Look, luminance, toPng } from './code'
import styles from './QrDialog.module.css'
import { qrTexts } from './texts'

const SIDES = [256, 512, 1024, 2048]
/** What phones read in poor light. */
const READABLE = 4
/** Larger pictures make a file that nobody wants to send. */
const MOST_BYTES = 512_000

export default function QrDialog({ link, onClose }: { link: Link; onClose: () => void }) {
  const t = useTexts(qrTexts)
  const [look, setLook] = useState<Look>({ color: '#000000', background: '#ffffff', logo: '' })
  const [side, setSide] = useState(1024)
  const [isTooLarge, setTooLarge] = useState(false)
  const code = useQuery({
    queryKey: ['qr', link.id, link.shortUrl, look],
    queryFn: ({ signal }) => drawn(link.id, look, signal),
    placeholderData: keepPreviousData,
    staleTime: Number.POSITIVE_INFINITY,
  })
  const name = `qr ${link.slug.replace(/[^\p{L}\p{N}._-]+/gu, '-')}`
  const isFaint = contrast(look.color, look.background) < READABLE
  const isInverted = luminance(look.background) < luminance(look.color)

  const choose = (file: File | null) => {
    setTooLarge(file !== null && MOST_BYTES < file.size)
    if (!file || MOST_BYTES < file.size) return setLook({ ...look, logo: '' })
    const reader = new FileReader()
    reader.onload = () => setLook(look => ({ ...look, logo: String(reader.result) }))
    reader.readAsDataURL(file)
  }
  const download = async (make: (svg: string) => Blob | Promise<Blob>, file: string) => {
    try {
      save(await make(code.data ?? ''), file)
      notify(t.saved(file))
    } catch (error) {
      notifyProblem(error)
    }
  }

  return (
    <Modal
      opened
      onClose={onClose}
      title={t.title(withoutScheme(link.shortUrl))}
      size="lg"
      closeButtonProps={{ 'aria-label': t.close }}
    >
      <div className={styles.dialog}>
        {code.isError ? (
          <Failed error={code.error} retry={() => void code.refetch()} />
        ) : code.data ? (
          <img
            src={addressOf(code.data)}
            alt={t.codeOf(link.shortUrl)}
            className={styles.code}
            width={260}
            height={260}
          />
        ) : (
          <Skeleton width={260} height={260} />
        )}
        <Stack gap="md" className={styles.look}>
          <TextInput
            type="color"
            label={t.color}
            value={look.color}
            onChange={event => setLook({ ...look, color: event.currentTarget.value })}
            data-autofocus
          />
          <TextInput
            type="color"
            label={t.background}
            value={look.background}
            onChange={event => setLook({ ...look, background: event.currentTarget.value })}
          />
          <FileInput
            label={t.logo}
            placeholder={t.logoHint}
            accept="image/png,image/jpeg,image/svg+xml,image/webp"
            onChange={choose}
            error={isTooLarge ? t.tooLarge : undefined}
            clearable
            clearButtonProps={{ 'aria-label': t.noLogo }}
          />
          <NativeSelect
            label={t.size}
            value={String(side)}
            onChange={event => setSide(Number(event.currentTarget.value))}
            data={SIDES.map(side => ({ value: String(side), label: `${side} × ${side}` }))}
          />
        </Stack>
      </div>
      {(isFaint || isInverted) && (
        <Alert
          variant="default"
          icon={<IconAlertTriangle color="var(--unknown)" aria-hidden />}
          mt="md"
          p="sm"
          title={isFaint ? t.faint : t.inverted}
          role="status"
        />
      )}
      <Group mt="lg" gap="sm">
        <Button
          leftSection={<IconDownload size={16} aria-hidden />}
          disabled={!code.data}
          onClick={() => void download(svg => toPng(svg, side), `${name} ${side}.png`)}
        >
          PNG
        </Button>
        <Button
          variant="default"
          leftSection={<IconDownload size={16} aria-hidden />}
          disabled={!code.data}
          onClick={() =>
            void download(svg => new Blob([svg], { type: 'image/svg+xml' }), `${name}.svg`)
          }
        >
          SVG
        </Button>
        <Text size="xs" c="dimmed">
          {t.counted}
        </Text>
      </Group>
    </Modal>
  )
}
