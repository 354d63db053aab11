import { expect, test } from 'vitest'
import { commandOf, curlOf } from './command'

test('a request is a command line', () => {
  const wire = {
    ip: '::1',
    headers: { 'User-Agent': 'a b', dnt: '1' },
    url: '?utm_source=mail',
    at: '2026-11-21T10:00:00Z',
  }
  expect(commandOf('http://wp.st/x', wire)).toBe(
    "waypost explain 'http://wp.st/x?utm_source=mail' --ip ::1 --user-agent 'a b' --header 'dnt: 1' --at 2026-11-21T10:00:00Z",
  )
  expect(commandOf('http://wp.st/x', { visitor: { country: 'US' } })).toBeUndefined()
})

test('quotes of a visitor do not end those of the shell', () => {
  const text = curlOf('http://localhost', 'lnk_1', { visitor: { city: "L'Aquila" } })
  expect(text).toContain(`'{"visitor":{"city":"L'\\''Aquila"}}'`)
})
