import { expect, test } from 'vitest'
import { deviceOf } from './device'

const check = (agent: string, browser: string, system: string, mobile = false) =>
  expect(deviceOf(agent)).toEqual({ browser, system, mobile })

test('browsers are told apart, whatever else they claim to be', () => {
  const windows = 'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36'
  check(`${windows} (KHTML, like Gecko) Chrome/126.0 Safari/537.36`, 'Chrome', 'Windows')
  check(`${windows} (KHTML, like Gecko) Chrome/126.0 Safari/537.36 Edg/126.0`, 'Edge', 'Windows')
  check(
    'Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0',
    'Firefox',
    'Linux',
  )
  check(
    'Mozilla/5.0 (iPhone; CPU iPhone OS 17_4 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.4 Mobile/15E148 Safari/604.1',
    'Safari',
    'iPhone',
    true,
  )
  check(
    'Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Mobile Safari/537.36',
    'Chrome',
    'Android',
    true,
  )
})

test('a script is no device', () => {
  expect(deviceOf('curl/8.5.0')).toBeUndefined()
  expect(deviceOf('')).toBeUndefined()
})
