/** A QR code as a picture: the server's drawing, a logo put on it, and files of both kinds. */
import { got } from '~/api/client'

export interface Look {
  /** `#171b21` */
  color: string
  background: string
  /** A picture as `data:`, or none. */
  logo: string
}

/** How much of the width a logo takes: the code is drawn so that it can lose 15 % and be read. */
const LOGO = 0.2

/** The code as the text of an SVG. */
export async function drawn(link: string, look: Look, signal?: AbortSignal): Promise<string> {
  const query = new URLSearchParams({
    format: 'svg',
    color: look.color.slice(1),
    background: look.background.slice(1),
  })
  const svg = await got<string>(
    fetch(`/api/v1/links/${link}/qr?${query}`, { signal }).then(async response =>
      response.ok
        ? { response, data: await response.text() }
        : { response, error: await response.json().catch(() => null) },
    ),
  )
  return look.logo ? withLogo(svg, look) : svg
}

/** A logo in the middle, on a plate of the background's colour. */
export function withLogo(svg: string, { logo, background }: Look): string {
  const side = Number(/viewBox="0 0 (\d+)/.exec(svg)?.[1] ?? 0)
  const size = side * LOGO
  const at = (side - size) / 2
  const edge = side * 0.015
  const plate = `<rect x="${at - edge}" y="${at - edge}" width="${size + 2 * edge}" height="${size + 2 * edge}" rx="${edge * 2}" fill="${background}"/>`
  const picture = `<image href="${logo}" x="${at}" y="${at}" width="${size}" height="${size}" preserveAspectRatio="xMidYMid meet"/>`
  return svg.replace('</svg>', `${plate}${picture}</svg>`)
}

export function addressOf(svg: string): string {
  return `data:image/svg+xml;charset=utf-8,${encodeURIComponent(svg)}`
}

/** The same as pixels, `side` of them each way. */
export async function toPng(svg: string, side: number): Promise<Blob> {
  const image = new Image(side, side)
  image.src = addressOf(svg)
  await image.decode()
  const canvas = document.createElement('canvas')
  canvas.width = side
  canvas.height = side
  const context = canvas.getContext('2d')
  if (!context) throw new Error('this browser cannot draw pictures')
  context.imageSmoothingEnabled = false
  context.drawImage(image, 0, 0, side, side)
  return new Promise((resolve, reject) =>
    canvas.toBlob(blob => (blob ? resolve(blob) : reject(new Error('no picture was made')))),
  )
}

/** WCAG's contrast of two colours, from 1 to 21. */
export function contrast(one: string, other: string): number {
  const [dark, light] = [luminance(one), luminance(other)].sort((a, b) => a - b) as [number, number]
  return (light + 0.05) / (dark + 0.05)
}

/** How bright a colour such as `#0b6b74` is, from 0 to 1. */
export function luminance(color: string): number {
  const [red, green, blue] = [1, 3, 5].map(at => {
    const part = Number.parseInt(color.slice(at, at + 2), 16) / 255
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4
  }) as [number, number, number]
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue
}
