import { expect, test } from 'vitest'
import { joinUtm, splitUtm } from './utm'

test('parameters are read without regard to case, and decoded', () => {
  expect(splitUtm('https://a.example/?UTM_Source=a+b&utm_campaign=f%C3%BC&x=1#top')).toEqual({
    source: 'a b',
    medium: '',
    campaign: 'fü',
    term: '',
    content: '',
  })
})

test('a broken escape is read as it is written', () => {
  expect(splitUtm('https://a.example/?utm_term=100%').term).toBe('100%')
})

test.each([
  ['https://a.example/', 'mail', 'https://a.example/?utm_source=mail'],
  ['https://a.example/?x={country}', 'a b', 'https://a.example/?x={country}&utm_source=a%20b'],
  ['https://a.example/?utm_source=old&x=1#top', 'new', 'https://a.example/?utm_source=new&x=1#top'],
  ['https://a.example/?utm_source=old#top', '', 'https://a.example/#top'],
  ['https://a.example/?utm_source=1&utm_source=2', 'x', 'https://a.example/?utm_source=x'],
  ['https://a.example/', '{referrerDomain}', 'https://a.example/?utm_source={referrerDomain}'],
])('%s with source %s is %s', (destination, source, joined) => {
  expect(joinUtm(destination, 'source', source)).toBe(joined)
})
