export default function GeoPage() {
  return <h1>GeoPage</h1>
}
