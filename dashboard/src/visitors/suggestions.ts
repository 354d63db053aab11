/** Values that visitors really had: what clicks tell, the most frequent first. */
import { useQuery } from '@tanstack/react-query'
import { api, got } from '~/api/client'

/** Statistics call some facts otherwise, and do not keep all. */
const DIMENSIONS: Readonly<Record<string, string>> = {
  region: 'region',
  city: 'city',
  isp: 'isp',
  asn: 'asn',
  osVersion: 'osVersion',
  browserVersion: 'browserVersion',
  deviceBrand: 'brand',
  language: 'language',
  referrer: 'referrer',
  referrerDomain: 'referrerDomain',
  utmSource: 'utmSource',
  utmMedium: 'utmMedium',
  utmCampaign: 'utmCampaign',
  utmTerm: 'utmTerm',
  utmContent: 'utmContent',
}

export function useSuggestions(field: string, wanted: boolean): string[] {
  const by = DIMENSIONS[field]
  const { data } = useQuery({
    queryKey: ['suggestions', by],
    queryFn: ({ signal }) =>
      got(
        api.GET('/api/v1/statistics/breakdown', {
          params: { query: { by: by ?? '', limit: 50 } },
          signal,
        }),
      ),
    enabled: wanted && by !== undefined,
    staleTime: 300_000,
  })
  const rows = (data?.rows ?? []) as { value?: unknown }[]
  const values = rows.map(({ value }) => String(value ?? ''))
  return [...new Set(values)].filter(value => value !== '')
}
