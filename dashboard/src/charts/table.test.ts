import { describe, expect, test } from 'vitest'
import { csv, fileName } from './table'

describe('csv', () => {
  test('quotes what would be read otherwise', () => {
    const text = csv({ columns: ['Source', 'Clicks'], rows: [['a, "b"', 3]] })
    expect(text).toBe('\uFEFFSource,Clicks\r\n"a, ""b""",3\r\n')
  })

  test('a visitor’s formula is text, a number of ours stays one', () => {
    const text = csv({ columns: ['x', 'n'], rows: [['=HYPERLINK("x")', -3]] })
    expect(text).toContain(`"'=HYPERLINK(""x"")",-3`)
  })

  test('what is not known is empty', () => {
    expect(csv({ columns: ['x'], rows: [[null]] })).toBe('\uFEFFx\r\n\r\n')
  })
})

describe('fileName', () => {
  test('tells what is in the file', () => {
    expect(fileName(['Clicks', '7d', 'country-DE,AT', 'not device desktop'], 'csv')).toBe(
      'waypost_Clicks_7d_country-DE-AT_not-device-desktop.csv',
    )
  })

  test('leaves no way out of the folder', () => {
    expect(fileName(['../../x'], 'png')).toBe('waypost_..-..-x.png')
  })
})
