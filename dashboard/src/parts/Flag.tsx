/** A country's flag, drawn: Windows has no flags among its characters. */
import { useEffect, useState } from 'react'

/** ISO 3166-1 alpha-2; nothing is drawn for what is no country. Always beside the country's name. */
export function Flag({ country }: { country: string }) {
  const [address, setAddress] = useState<string>()
  const code = country.toUpperCase()
  useEffect(() => {
    let gone = false
    flags[`/node_modules/country-flag-icons/3x2/${code}.svg`]?.().then(found => {
      if (!gone) setAddress(found)
    })
    return () => {
      gone = true
    }
  }, [code])
  return (
    <span aria-hidden style={{ display: 'inline-block', width: 18, height: 12, verticalAlign: -1 }}>
      {address && <img src={address} width={18} height={12} alt="" loading="lazy" />}
    </span>
  )
}

const flags = import.meta.glob<string>('/node_modules/country-flag-icons/3x2/*.svg', {
  query: '?url',
  import: 'default',
})
