import { queryOptions } from '@tanstack/react-query'
import { api, got } from '~/api/client'

export const PIXELS = ['pixels']

export const pixelsQuery = queryOptions({
  queryKey: [...PIXELS, 'all'],
  queryFn: async () => (await got(api.GET('/api/v1/pixels'))).data,
})
