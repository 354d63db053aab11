/** Rules of this link for another one: they go into that link's draft, last in its order. */
import { Button, Checkbox, Group, Modal, Stack, Text, TextInput } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { api, got } from '~/api/client'
import { queries } from '~/api/query'
import { draftQuery, type Link } from '~/links/link'
import { notify, notifyProblem } from '~/shell/notices'
import { useTexts } from '~/texts/texts'
import { discardSaved, saveDraft } from '../draft/draft'
import { freshKey, type Plan, planOf, type Rule, withNew } from '../plan'
import { rulesTexts } from '../texts'
import { useSpeaker } from '../vocabulary'

interface Props {
  from: Link
  rules: readonly Rule[]
  /** Of which these are chosen at first. */
  chosen: readonly string[]
  onClose: () => void
}

export default function CopyDialog({ from, rules, chosen: first, onClose }: Props) {
  const t = useTexts(rulesTexts)
  const speaker = useSpeaker()
  const [chosen, setChosen] = useState(first)
  const [words, setWords] = useState('')
  const [asked] = useDebouncedValue(words.trim(), 150)
  const [busy, setBusy] = useState(false)
  const links = useQuery({
    queryKey: ['links', 'copy', asked],
    queryFn: ({ signal }) =>
      got(api.GET('/api/v1/links', { params: { query: { search: asked, limit: 8 } }, signal })),
    placeholderData: keepPreviousData,
  })
  const copied = rules.filter(({ key }) => chosen.includes(key))

  const copy = async (link: Link) => {
    setBusy(true)
    try {
      const saved = await queries.fetchQuery({ ...draftQuery(link.id), staleTime: 0 })
      const before = saved ? planOf(saved) : planOf(link)
      const after = copied.reduce<Plan>(
        (plan, rule) => withNew(plan, { ...rule, key: freshKey() }),
        before,
      )
      await saveDraft(link.id, after)
      notify(t.rulesCopied(copied.length, link.slug), {
        undo: () => {
          const back = saved ? saveDraft(link.id, before) : discardSaved(link.id)
          Promise.resolve(back).catch(notifyProblem)
        },
      })
      onClose()
    } catch (error) {
      notifyProblem(error)
    } finally {
      setBusy(false)
    }
  }

  return (
    <Modal
      opened
      onClose={onClose}
      size="lg"
      title={t.copyToLink}
      closeButtonProps={{ 'aria-label': t.close }}
    >
      <Stack gap="md">
        <Checkbox.Group value={[...chosen]} onChange={setChosen} label={t.whichRules}>
          <Stack gap="xs" mt="xs">
            {rules.map((rule, index) => (
              <Checkbox
                key={rule.key}
                value={rule.key}
                label={rule.name || t.unnamed(index + 1)}
                description={speaker.rule(rule)}
              />
            ))}
          </Stack>
        </Checkbox.Group>
        <TextInput
          data-autofocus
          label={t.whichLink}
          placeholder={t.findLink}
          value={words}
          onChange={event => setWords(event.currentTarget.value)}
        />
        <Stack gap={4}>
          {(links.data?.data ?? [])
            .filter(({ id }) => id !== from.id)
            .map(link => (
              <Group key={link.id} justify="space-between" wrap="nowrap">
                <Text size="sm" truncate>
                  <span className="address">{link.slug}</span> {link.title}
                </Text>
                <Button
                  size="compact-sm"
                  variant="default"
                  disabled={busy || copied.length === 0}
                  aria-label={t.copyHere(copied.length, link.slug)}
                  onClick={() => copy(link)}
                >
                  {t.copyN(copied.length)}
                </Button>
              </Group>
            ))}
        </Stack>
        <Text size="sm" c="dimmed">
          {t.copyWhat}
        </Text>
      </Stack>
    </Modal>
  )
}
