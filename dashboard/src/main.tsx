import '@mantine/core/styles.css'
import './theme/tokens.css'
import { MantineProvider } from '@mantine/core'
import { QueryClientProvider } from '@tanstack/react-query'
import { RouterProvider } from '@tanstack/react-router'
import { StrictMode, Suspense } from 'react'
import { createRoot } from 'react-dom/client'
import { onSignedOut, queries } from './api/query'
import { router } from './router'
import { Announcer } from './shell/announcer'
import { Notices } from './shell/Notices'
import { scheme } from './theme/scheme'
import { theme, variables } from './theme/theme'

const nonce = document.querySelector<HTMLMetaElement>('meta[name=csp-nonce]')?.content
// What locks the page's scrolling behind a dialogue writes a style of its own, and asks here.
Object.assign(globalThis, { __webpack_nonce__: nonce })

onSignedOut(() => {
  const { pathname, href } = router.state.location
  if (pathname.startsWith('/sign-in')) return
  router.navigate({ to: '/sign-in', search: { next: href } })
})

createRoot(document.getElementById('root')!).render(
  <StrictMode>
    <MantineProvider
      theme={theme}
      cssVariablesResolver={variables}
      colorSchemeManager={scheme}
      defaultColorScheme="auto"
      getStyleNonce={() => nonce ?? ''}
    >
      <QueryClientProvider client={queries}>
        <Suspense fallback={null}>
          <RouterProvider router={router} />
          <Notices />
          <Announcer />
        </Suspense>
      </QueryClientProvider>
    </MantineProvider>
  </StrictMode>,
)
