/** One link: what stands above each of its pages, and the page that is open. */
import { Loader } from '@mantine/core'
import { Outlet } from '@tanstack/react-router'
import { Suspense } from 'react'
import { useTexts } from '~/texts/texts'
import { LinkHeader } from './LinkHeader'
import { linksTexts } from './texts'

export default function LinkPage() {
  const t = useTexts(linksTexts)
  return (
    <>
      <LinkHeader />
      <Suspense fallback={<Loader role="img" aria-label={t.loading} m="xl" />}>
        <Outlet />
      </Suspense>
    </>
  )
}
