/** Charts as PNG, with what they show written above them: a picture goes where its page does not. */
import type { Colors } from './colors'

export interface Picture {
  /** An SVG as a text, or the address of one. */
  svg: string
  width: number
  height: number
  /** Which colour is how many. */
  legend?: { color: string; label: string }[]
}

/** Without quotes, which an SVG's attributes would end at. */
export const FONT = 'system-ui, -apple-system, Roboto, sans-serif'
const SCALE = 2
const EDGE = 24

interface Words {
  title: string
  /** Time, filters, and what was left out. */
  caption: string
}

export async function png(picture: Picture, words: Words, colors: Colors): Promise<Blob> {
  const image = await load(picture.svg)
  const width = Math.max(picture.width, 560) + 2 * EDGE
  const canvas = document.createElement('canvas')
  const pen = canvas.getContext('2d')
  if (!pen) throw new Error('this browser cannot draw')
  pen.font = `13px ${FONT}`
  const lines = wrap(words.caption, width - 2 * EDGE, text => pen.measureText(text).width)
  const top = EDGE + 24 + lines.length * 18 + 8
  canvas.width = width * SCALE
  canvas.height = (top + picture.height + EDGE + 12) * SCALE
  pen.scale(SCALE, SCALE)
  pen.fillStyle = colors.surface
  pen.fillRect(0, 0, canvas.width, canvas.height)
  pen.textBaseline = 'top'
  pen.fillStyle = colors.text
  pen.font = `650 18px ${FONT}`
  pen.fillText(words.title, EDGE, EDGE - 4)
  pen.fillStyle = colors.text2
  pen.font = `13px ${FONT}`
  for (const [place, line] of lines.entries()) pen.fillText(line, EDGE, EDGE + 22 + place * 18)
  pen.drawImage(image, EDGE, top, picture.width, picture.height)
  pen.fillStyle = colors.text3
  pen.font = `11px ${FONT}`
  const below = top + picture.height + 8
  pen.fillText('Waypost', EDGE, below)
  let left = EDGE + 64
  for (const { color, label } of picture.legend ?? []) {
    pen.fillStyle = color
    pen.fillRect(left, below, 11, 11)
    pen.fillStyle = colors.text2
    pen.fillText(label, left + 15, below)
    left += 27 + pen.measureText(label).width
  }
  return new Promise((resolve, reject) =>
    canvas.toBlob(blob => (blob ? resolve(blob) : reject(new Error('no picture came of it')))),
  )
}

/** Has the browser keep a file. */
export function save(content: Blob, name: string) {
  const address = URL.createObjectURL(content)
  const link = document.createElement('a')
  link.href = address
  link.download = name
  link.click()
  // Firefox reads it after the click.
  setTimeout(() => URL.revokeObjectURL(address), 10_000)
}

export function wrap(text: string, width: number, measure: (text: string) => number): string[] {
  const lines: string[] = []
  for (const word of text.split(' ')) {
    const last = lines.at(-1)
    const longer = last === undefined ? word : `${last} ${word}`
    if (last === undefined || width < measure(longer)) lines.push(word)
    else lines[lines.length - 1] = longer
  }
  return lines
}

async function load(svg: string): Promise<HTMLImageElement> {
  const image = new Image()
  image.src = svg.startsWith('data:') ? svg : `data:image/svg+xml,${encodeURIComponent(svg)}`
  await image.decode()
  return image
}
