/** Without clicks: what the saved visitors get now, and would get. */
import { Anchor, Table, Text } from '@mantine/core'
import { useQueries } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { api, got } from '~/api/client'
import { useVocabulary } from '~/rules/vocabulary'
import { useTexts } from '~/texts/texts'
import type { Change } from '~/try/tests'
import { searchOf } from '~/visitors/address'
import { toAsk } from '~/visitors/asked'
import { useSavedVisitors } from '~/visitors/saved'
import { sentBy } from '~/visitors/sent'
import { wireOf } from '~/visitors/visitor'
import { type Plan, planOf } from './plan'
import type { Trial } from './replay'
import { whatIfTexts } from './texts'
import styles from './WhatIf.module.css'

interface Props {
  link: Plan & { id: string; revision: number }
  tried: Plan
  trial: Trial
}

export function OnVisitors({ link, tried, trial }: Props) {
  const t = useTexts(whatIfTexts)
  const { visitors } = useSavedVisitors()
  const asked = toAsk([planOf(link), tried])
  const isSent = sentBy(useVocabulary())
  const what: { draft?: true; change?: Change } =
    'draft' in trial ? { draft: true } : { change: trial.change }
  const results = useQueries({
    queries: visitors.map(({ visitor }) => {
      const wire = wireOf(visitor, asked, isSent)
      return {
        queryKey: ['link', link.id, 'explain', 'both', trial, wire],
        queryFn: async () => {
          const explain = (more: object) =>
            got(
              api.POST('/api/v1/links/{link}/explain', {
                params: { path: { link: link.id } },
                body: { ...wire, ...more },
              }),
            )
          const [now, then] = await Promise.all([explain({}), explain(what)])
          return { now, then }
        },
      }
    }),
  })
  const goes = (explained: { goesTo?: string | null; status: number }) =>
    explained.goesTo ?? t.page(explained.status)
  return (
    <Table.ScrollContainer minWidth={480}>
      <Table verticalSpacing={6}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th scope="col">{t.visitor}</Table.Th>
            <Table.Th scope="col">{t.gets}</Table.Th>
            <Table.Th scope="col">{t.wouldGet}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {visitors.map((saved, index) => {
            const data = results[index]?.data
            const same = data && goes(data.now) === goes(data.then)
            return (
              <Table.Tr key={saved.id}>
                <Table.Td>
                  <Anchor
                    renderRoot={props => (
                      <Link
                        to="/links/$link/try"
                        params={{ link: link.id }}
                        search={searchOf(saved.visitor)}
                        {...props}
                      />
                    )}
                  >
                    {saved.name}
                  </Anchor>
                </Table.Td>
                <Table.Td className="address">{data && goes(data.now)}</Table.Td>
                <Table.Td>
                  {data &&
                    (same ? (
                      <Text c="dimmed">{t.getsSame}</Text>
                    ) : (
                      <b className={`address ${styles.state}`} data-kind="changed">
                        {goes(data.then)}
                      </b>
                    ))}
                </Table.Td>
              </Table.Tr>
            )
          })}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  )
}
