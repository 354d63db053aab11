export default function EditLinkDrawer() {
  return <h1>EditLinkDrawer</h1>
}
