import { expect, test } from 'vitest'
import { Problem } from '~/api/problem'
import { inside, startOf, wantsCode } from './sign-in'

test('whoever signs in goes on to where they were headed', () => {
  expect(inside('/links/lnk_1/rules')).toBe('/links/lnk_1/rules')
  expect(inside('/app/stats?range=7d')).toBe('/stats?range=7d')
  expect(inside(undefined)).toBe('/links')
  expect(inside('/sign-in?next=%2Fsign-in')).toBe('/links')
})

test('no link leads from here to another host', () => {
  for (const next of ['https://evil.example/', '//evil.example', '/\\evil.example', 'evil', '']) {
    expect(inside(next)).toBe('/links')
  }
  expect(inside('/app//evil.example')).toBe('/links')
})

test('who is vouched for comes back to where they were headed', () => {
  const next = (url: string) => new URL(url, 'https://wp.example').searchParams.get('next')
  expect(next(startOf('/app/oidc/start', '/stats?device!=desktop&tag=a'))).toBe(
    '/app/stats?device!=desktop&tag=a',
  )
  expect(next(startOf('/app/oidc/start', 'https://evil.example/'))).toBe('/app/links')
  expect(startOf('/app/oidc/start', undefined)).toBe('/app/oidc/start')
})

test('only a problem that says so asks for a code', () => {
  const type = 'https://waypost/problems/code-wanted'
  expect(wantsCode(new Problem(401, 'a code is wanted', { type }))).toBe(true)
  expect(wantsCode(new Problem(401, 'wrong', { type: 'about:blank' }))).toBe(false)
  expect(wantsCode(new Error('code'))).toBe(false)
})
