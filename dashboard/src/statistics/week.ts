/** The days of the week in the order of the reader's country; Monday is 1. */

interface WeekInfo {
  firstDay: number
}

export function weekOf(locale: string): number[] {
  const first = firstDay(locale)
  return Array.from({ length: 7 }, (_, place) => ((first - 1 + place) % 7) + 1)
}

function firstDay(locale: string): number {
  // Firefox does not tell, and some browsers have it as a property.
  const told = new Intl.Locale(locale) as { getWeekInfo?: () => WeekInfo; weekInfo?: WeekInfo }
  return (told.getWeekInfo?.() ?? told.weekInfo)?.firstDay ?? 1
}
