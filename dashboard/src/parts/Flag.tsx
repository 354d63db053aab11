/** A country's flag, drawn: Windows has no flags among its characters. */
import { use } from 'react'

/** ISO 3166-1 alpha-2; nothing is drawn for what is no country. Always beside the country's name. */
export function Flag({ country }: { country: string }) {
  loading ??= import('./flags')
  const { flags } = use(loading)
  const address = flags[`/node_modules/country-flag-icons/3x2/${country.toUpperCase()}.svg`]
  return (
    <span aria-hidden style={{ display: 'inline-block', width: 18, height: 12, verticalAlign: -1 }}>
      {address && <img src={address} width={18} height={12} alt="" loading="lazy" />}
    </span>
  )
}

let loading: Promise<typeof import('./flags')> | undefined
