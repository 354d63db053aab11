/** Statistics over all links, or over those of a tag, a domain or a folder. */
import { PageTitle } from '~/parts/PageTitle'
import { useTexts } from '~/texts/texts'
import { Everything } from './Everything'
import { statisticsTexts } from './texts'

export default function StatisticsPage() {
  const t = useTexts(statisticsTexts)
  return (
    <Everything
      heading={({ subject }) => (
        <PageTitle title={subject ? t.titleOf[subject.by](subject.value) : t.title} />
      )}
    />
  )
}
