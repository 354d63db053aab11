/** A new link, in a drawer over the table. */
import { Button, Group } from '@mantine/core'
import { Link as To, useSearch } from '@tanstack/react-router'
import { useState } from 'react'
import { useTexts } from '~/texts/texts'
import { LinkDrawer, useBackToTable } from './form/LinkDrawer'
import { MadeLink } from './form/MadeLink'
import { formTexts } from './form/texts'
import { useLinkForm } from './form/useLinkForm'
import { EMPTY } from './form/values'
import type { Link } from './link'

export default function NewLinkDrawer() {
  const [count, setCount] = useState(0)
  // Each new link is a form of its own, empty.
  return <NewLink key={count} another={() => setCount(count + 1)} isFirst={count === 0} />
}

function NewLink({ another, isFirst }: { another: () => void; isFirst: boolean }) {
  const t = useTexts(formTexts)
  const search = useSearch({ strict: false })
  const back = useBackToTable()
  const [made, setMade] = useState<Link>()
  const form = useLinkForm({
    initial: {
      destination: (isFirst && search.destination) || '',
      tags: search.tag ? [search.tag] : EMPTY.tags,
      folder: search.folder ?? '',
      domain: search.domain ?? '',
    },
    onSaved: setMade,
  })
  return (
    <LinkDrawer
      title={t.newLink}
      form={form}
      submit={t.make}
      done={
        made && (
          <MadeLink link={made}>
            <Group gap="sm">
              <Button component={To} to="/links/$link/rules" params={{ link: made.id } as never}>
                {t.addRules}
              </Button>
              <Button variant="default" onClick={another}>
                {t.another}
              </Button>
              <Button variant="default" onClick={back}>
                {t.toTable}
              </Button>
            </Group>
          </MadeLink>
        )
      }
    />
  )
}
