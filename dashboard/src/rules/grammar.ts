/**
 * What a language brings to say rules in it: how each field is said of a visitor. What makes sentences
 * of that is in `sentence.ts`.
 */

export interface Grammar {
  locale: string
  everyone: string
  /** `US, CA or MX` */
  or(words: readonly string[]): string
  and(words: readonly string[]): string
  more(n: number): string
  not(phrase: string): string
  neither(phrases: readonly string[]): string
  either(phrases: readonly string[]): string
  /** `in Germany`, from the values as they are said; by field. */
  is: Record<string, (values: string, parameter: string) => string>
  /** Of a field that is not listed in `is`. */
  isElse(label: string, values: string): string
  /** `whose city contains “x”`, by operator. */
  compares: Record<string, (label: string, value: string, second: string) => string>
  /** Fields that are compared in words of their own, by field and operator. */
  comparesOwn: Record<string, Record<string, (value: string, second: string) => string>>
  /** Fields that are there or are not: with it, without it. */
  present: Record<string, [yes: (parameter: string) => string, no: (parameter: string) => string]>
  /** True and false of a visitor, by field. */
  flags: Record<string, [yes: string, no: string]>
  /** The same as the subject of a sentence. */
  subjects: Record<string, [yes: string | null, no: string | null]>
  /** What single values are called, by field; what is not listed is called itself. */
  values: Record<string, Record<string, string>>
  /** Countries that need an article. */
  countries: Record<string, string>
  groups: Record<string, string>
  /** Days of the week, from 0 for Sunday. */
  days(days: readonly number[]): string
  /** Spans of minutes of the day, their ends left out. */
  hours(spans: readonly [from: number, to: number][]): string
  zone(name: string): string
  share(percent: number): string
  quoted(text: string): string
  /** Whether a phrase is a clause that stands between commas however short it is. */
  isClause(phrase: string): boolean
  /** `one` where the subject is a single one: "everyone goes", "new visitors go". */
  redirect(who: string, where: string, one: boolean): string
  split(who: string, ways: readonly { share: string; where: string }[]): string
  block(who: string, status: number, one: boolean): string
  /** Where a value is still missing. */
  missing: string
}
