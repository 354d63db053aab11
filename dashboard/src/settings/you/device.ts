/** A browser and a system, by the name that a browser calls itself: enough to tell one's own apart. */

export interface Device {
  browser: string
  system: string
  mobile: boolean
}

/** In this order: each of the first says that it is one of the later, too. */
const BROWSERS: [RegExp, string][] = [
  [/Edg(e|A|iOS)?\//, 'Edge'],
  [/OPR\/|Opera/, 'Opera'],
  [/Vivaldi\//, 'Vivaldi'],
  [/SamsungBrowser\//, 'Samsung Internet'],
  [/Firefox\/|FxiOS\//, 'Firefox'],
  [/HeadlessChrome\//, 'Headless Chrome'],
  [/CriOS\/|Chrome\//, 'Chrome'],
  [/Safari\//, 'Safari'],
]

const SYSTEMS: [RegExp, string][] = [
  [/iPhone/, 'iPhone'],
  [/iPad/, 'iPad'],
  [/Android/, 'Android'],
  [/CrOS/, 'ChromeOS'],
  [/Windows/, 'Windows'],
  [/Mac OS X/, 'macOS'],
  [/Linux|X11/, 'Linux'],
]

/** None where it is no browser that we know, such as a script. */
export function deviceOf(agent: string): Device | undefined {
  const name = (list: [RegExp, string][]) => list.find(([pattern]) => pattern.test(agent))?.[1]
  const browser = name(BROWSERS)
  const system = name(SYSTEMS)
  if (!browser || !system) return undefined
  return { browser, system, mobile: /Mobi|iPhone|iPad|Android/.test(agent) }
}
