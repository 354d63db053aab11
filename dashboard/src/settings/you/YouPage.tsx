export default function YouPage() {
  return <h1>YouPage</h1>
}
