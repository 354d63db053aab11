export default function LinkStatisticsPage() {
  return <h1>LinkStatisticsPage</h1>
}
