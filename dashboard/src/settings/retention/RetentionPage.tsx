export default function RetentionPage() {
  return <h1>RetentionPage</h1>
}
