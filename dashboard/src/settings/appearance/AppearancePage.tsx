export default function AppearancePage() {
  return <h1>AppearancePage</h1>
}
