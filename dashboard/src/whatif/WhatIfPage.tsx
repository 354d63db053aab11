export default function WhatIfPage() {
  return <h1>WhatIfPage</h1>
}
