export default function NewLinkDrawer() {
  return <h1>NewLinkDrawer</h1>
}
