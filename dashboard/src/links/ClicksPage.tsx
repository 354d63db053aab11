export default function ClicksPage() {
  return <h1>ClicksPage</h1>
}
