/** A link's QR code: its colours, its size, and a file of it. */
import { Modal } from '@mantine/core'
import { useTexts } from '~/texts/texts'
import type { Link } from '../link'
import { linksTexts } from '../texts'

export default function QrDialog({ link, onClose }: { link: Link; onClose: () => void }) {
  const t = useTexts(linksTexts)
  return (
    <Modal opened onClose={onClose} title={t.qr}>
      <img src={`/api/v1/links/${link.id}/qr?format=svg`} alt={link.shortUrl} width={240} />
    </Modal>
  )
}
