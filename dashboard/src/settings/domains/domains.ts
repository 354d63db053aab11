/** The workspace's domains, as every page that lets one choose asks for them. */
import { queryOptions } from '@tanstack/react-query'
import { api, got, type Schemas } from '~/api/client'

export type Domain = Schemas['Domain']
export type DomainChange = Schemas['DomainChange']

export const domainsQuery = queryOptions({
  queryKey: ['domains', 'all'],
  queryFn: async () => {
    const answer = await got(api.GET('/api/v1/domains'))
    return answer.data
  },
})
