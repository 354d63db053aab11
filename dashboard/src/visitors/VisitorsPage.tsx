export default function VisitorsPage() {
  return <h1>VisitorsPage</h1>
}
