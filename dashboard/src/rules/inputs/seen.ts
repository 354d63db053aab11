/** What clicks showed of a field: suggestions, with how often each was seen. */
import { queryOptions, useQuery } from '@tanstack/react-query'
import { api, got } from '~/api/client'

/** How far back it is looked. */
export const SEEN_DAYS = 30

export interface Seen {
  value: string
  clicks: number
}

/** The dimension of the statistics that tells a field, where one does. */
const DIMENSIONS: Readonly<Record<string, string>> = {
  country: 'country',
  region: 'region',
  city: 'city',
  isp: 'isp',
  asn: 'asn',
  deviceType: 'device',
  os: 'os',
  osVersion: 'osVersion',
  browser: 'browser',
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

const seenQuery = (link: string | undefined, dimension: string | undefined) =>
  queryOptions({
    queryKey: ['seen', link, dimension],
    queryFn: async ({ signal }): Promise<Seen[]> => {
      const answer = await got(
        api.GET('/api/v1/statistics/breakdown', {
          params: { query: { by: dimension!, link, limit: 200 } },
          signal,
        }),
      )
      // A row's keys depend on the question, which the document cannot say.
      const rows = answer.rows as { value?: string | number | boolean | null; clicks: number }[]
      return rows.flatMap(({ value, clicks }) =>
        value === null || value === undefined || value === ''
          ? []
          : [{ value: String(value), clicks }],
      )
    },
    staleTime: 300_000,
  })

/**
 * The values of a field that were clicked with, most clicked first, of a link or of all; none while
 * nobody knows, or wants to.
 */
export function useSeen(
  field: string,
  link: string | undefined,
  wanted = true,
): readonly Seen[] | undefined {
  const dimension = DIMENSIONS[field]
  const enabled = wanted && dimension !== undefined
  return useQuery({ ...seenQuery(link, dimension), enabled }).data
}
