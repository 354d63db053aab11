export default function LinkSettingsPage() {
  return <h1>LinkSettingsPage</h1>
}
