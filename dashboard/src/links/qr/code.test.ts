import { expect, test } from 'vitest'
import { contrast, luminance, withLogo } from './code'

test('black on white has the most contrast there is', () => {
  expect(contrast('#000000', '#ffffff')).toBeCloseTo(21)
  expect(contrast('#777777', '#777777')).toBe(1)
  expect(luminance('#ffffff')).toBeCloseTo(1)
})

test('a logo stands in the middle, on a plate', () => {
  const look = { color: '#000000', background: '#ffffff', logo: 'data:image/png;base64,AA==' }
  const svg = withLogo('<svg viewBox="0 0 40 40"><path/></svg>', look)
  expect(svg).toContain('<image href="data:image/png;base64,AA==" x="16" y="16" width="8"')
  expect(svg.indexOf('<rect')).toBeLessThan(svg.indexOf('<image'))
})
