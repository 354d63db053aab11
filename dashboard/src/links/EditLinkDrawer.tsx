/** A link's fields, in a drawer over the table. */
import { Drawer, Loader } from '@mantine/core'
import { Suspense } from 'react'
import { notify } from '~/shell/notices'
import { useTexts } from '~/texts/texts'
import { LinkDrawer, useBackToTable } from './form/LinkDrawer'
import { formTexts } from './form/texts'
import { useLinkForm } from './form/useLinkForm'
import { useLink } from './link'

export default function EditLinkDrawer() {
  const t = useTexts(formTexts)
  const back = useBackToTable()
  return (
    <Suspense
      fallback={
        <Drawer opened onClose={back} size="lg" closeButtonProps={{ 'aria-label': t.close }}>
          <Loader role="img" aria-label={t.looking} />
        </Drawer>
      }
    >
      <EditLink />
    </Suspense>
  )
}

function EditLink() {
  const t = useTexts(formTexts)
  const back = useBackToTable()
  const read = useLink()
  const form = useLinkForm({
    read,
    onSaved: link => {
      notify(t.saved(link.slug))
      // After the form knows that nothing is unsaved any more.
      setTimeout(back)
    },
  })
  return <LinkDrawer title={t.editLink(read.link.slug)} form={form} submit={t.save} />
}
