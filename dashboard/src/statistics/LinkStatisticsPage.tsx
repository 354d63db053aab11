/** Statistics of one link, under its header. */
import { useParams } from '@tanstack/react-router'
import { Everything } from './Everything'

export default function LinkStatisticsPage() {
  const { link } = useParams({ strict: false })
  return link ? <Everything key={link} link={link} /> : null
}
