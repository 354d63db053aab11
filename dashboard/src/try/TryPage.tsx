export default function TryPage() {
  return <h1>TryPage</h1>
}
