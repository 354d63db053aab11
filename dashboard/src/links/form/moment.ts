/** Moments in words, and as the browser's own field for them reads and writes them. */
import type { Language } from '~/texts/texts'

/** `in 3 days, Friday 23:59`: how far, and which moment; with its date where it is over a week away. */
export function inWords(iso: string, language: Language, now = Date.now(), zone?: string): string {
  const date = new Date(iso)
  const days = Math.round((day(date, zone) - day(new Date(now), zone)) / 86_400_000)
  const isNear = -7 < days && days < 7
  const moment = date.toLocaleString(language === 'en' ? 'en-GB' : language, {
    ...(isNear ? { weekday: 'long' } : { day: 'numeric', month: 'short', year: 'numeric' }),
    hour: '2-digit',
    minute: '2-digit',
    timeZone: zone,
  })
  return `${far(date.getTime() - now, days, language)}, ${moment.replace(/,? (?=\d\d:\d\d)/, ' ')}`
}

function far(milliseconds: number, days: number, language: Language): string {
  const format = new Intl.RelativeTimeFormat(language, { numeric: 'auto' })
  const minutes = Math.round(milliseconds / 60_000)
  if (Math.abs(minutes) < 60) return format.format(minutes, 'minute')
  if (days === 0) return format.format(Math.round(minutes / 60), 'hour')
  if (Math.abs(days) < 14) return format.format(days, 'day')
  if (Math.abs(days) < 60) return format.format(Math.round(days / 7), 'week')
  return format.format(Math.round(days / 30.4), 'month')
}

/** Midnight's number in a zone: two moments of one day have the same. */
function day(date: Date, zone?: string): number {
  const [year, month, date_] = new Intl.DateTimeFormat('en-CA', {
    timeZone: zone,
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
  })
    .format(date)
    .split('-')
    .map(Number)
  return Date.UTC(year ?? 0, (month ?? 1) - 1, date_ ?? 1)
}

/** As `<input type="datetime-local">` wants it: here, without a zone. */
export function toField(iso: string): string {
  if (!iso) return ''
  const date = new Date(iso)
  const local = new Date(date.getTime() - date.getTimezoneOffset() * 60_000)
  return local.toISOString().slice(0, 16)
}

/** Empty where the field holds no moment. */
export function fromField(text: string): string {
  const date = new Date(text)
  return text && !Number.isNaN(date.getTime()) ? date.toISOString() : ''
}

/** The last minute of the day that is so many days from now. */
export function endOfDay(days: number, now = new Date()): string {
  const date = new Date(now)
  date.setDate(date.getDate() + days)
  date.setHours(23, 59, 0, 0)
  return date.toISOString()
}
