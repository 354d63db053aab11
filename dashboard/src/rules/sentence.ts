/**
 * What a rule says, as a sentence: "New visitors on iPhone or iPad in the US or Canada, on weekdays
 * after 17:00, go to …". Pure: the words come in as a [`Grammar`], so each language reads its own.
 */
import { hostOf, pathOf, short } from './addresses'
import { around, daysOf, hoursOf, minutesOf, runs, spanned } from './clock'
import { fieldOf, operatorOf, type Vocabulary, valuesOf } from './fields'
import type { Grammar } from './grammar'
import { apples, Names } from './names'
import { CLOSE, type Phrase, SLOT_OF, SLOT_OF_GROUP, SLOTS, type Slot } from './phrases'
import { isAll, isAny, isNot, isTest, type Test, type When } from './tree'

export interface Variant {
  weight: number
  redirect: string
}
export type Action = { redirect: string } | { split: Variant[] } | { block: number }

export interface Said {
  when: When
  action: Action
  timezone?: string | null
}

export class Speaker {
  readonly grammar: Grammar
  readonly vocabulary: Vocabulary
  private readonly names: Names

  /** `regionName` of `DE-BY` is Bavaria, where somebody knows. */
  constructor(
    grammar: Grammar,
    vocabulary: Vocabulary,
    regionName: (code: string) => string | undefined = () => undefined,
  ) {
    this.grammar = grammar
    this.vocabulary = vocabulary
    this.names = new Names(grammar, regionName)
  }

  /** The whole rule. */
  rule({ when, action, timezone }: Said): string {
    const { text, commas, one } = this.subject(when, timezone)
    return this.action(action, text, { commas, one })
  }

  /** Whom a rule takes: "New visitors on iPhone or iPad". */
  who(when: When, timezone?: string | null): string {
    return this.subject(when, timezone).text
  }

  /** What a rule does with them; `who` may be "Everyone else". */
  action(action: Action, who: string, { commas = false, one = true } = {}): string {
    const grammar = this.grammar
    const subject = commas ? `${who},` : who
    if ('redirect' in action) {
      return grammar.redirect(subject, short(action.redirect) || grammar.missing, one)
    }
    if ('block' in action) return grammar.block(subject, action.block, one)
    const sum = action.split.reduce((sum, { weight }) => sum + weight, 0)
    const hosts = new Set(action.split.map(({ redirect }) => hostOf(redirect)))
    const ways = action.split.map(({ weight, redirect }) => ({
      share: shareOf(weight, sum),
      where: (hosts.size === 1 && pathOf(redirect)) || short(redirect) || grammar.missing,
    }))
    return grammar.split(who, ways)
  }

  /** One condition by itself: "in Germany or Austria". */
  part(when: When): string {
    return this.inline(when)
  }

  private subject(when: When, timezone?: string | null) {
    const phrases = this.phrases(when)
    const subject = phrases.find(({ slot }) => slot === 'subject')
    // Only one can be the subject; the others are said of it.
    const said = phrases
      .map(phrase =>
        phrase.slot === 'subject' && phrase !== subject ? this.lower(phrase) : phrase,
      )
      .filter(phrase => phrase !== subject)
      .sort((a, b) => SLOTS.indexOf(a.slot) - SLOTS.indexOf(b.slot))
    const close = said.filter(({ slot }) => CLOSE.includes(slot)).map(({ text }) => text)
    const time = said.filter(({ slot }) => slot === 'day' || slot === 'hour')
    const apart = said
      .filter(({ slot }) => !CLOSE.includes(slot) && slot !== 'day' && slot !== 'hour')
      .map(({ slot, text }) => ({ slot, text }))
    if (time.length > 0) {
      const zone = timezone ? [this.grammar.zone(timezone)] : []
      const text = [...time.map(({ text }) => text), ...zone].join(' ')
      const share = apart.findIndex(({ slot }) => slot === 'share')
      apart.splice(share < 0 ? apart.length : share, 0, { slot: 'hour', text })
    }
    const head = [subject?.text ?? this.grammar.everyone, ...close].join(' ')
    // One short phrase more needs no commas: "Everyone on phones after 17:00 goes to …".
    const plain =
      apart.length === 1 &&
      close.length < 2 &&
      !['share', 'other'].includes(apart[0]!.slot) &&
      !this.grammar.isClause(apart[0]!.text)
    return {
      text: [head, ...apart.map(({ text }) => text)].join(plain ? ' ' : ', '),
      commas: apart.length > 0 && !plain,
      one: !subject,
    }
  }

  /** The parts that all hold, each as a phrase. */
  private phrases(when: When): Phrase[] {
    if (isAll(when)) return when.all.flatMap(part => this.phrases(part))
    if (isTest(when)) return [this.test(when, false)]
    if (isNot(when) && isTest(when.not)) return [this.test(when.not, true)]
    if (isAny(when) && when.any.length === 1) return this.phrases(when.any[0]!)
    return [{ slot: this.slotOf(when), text: this.inline(when) }]
  }

  /** A group belongs where all of its tests do. */
  private slotOf(when: When): Slot {
    const slots = new Set(leaves(when).map(test => this.test(test, false).slot))
    const [only] = slots
    return slots.size === 1 && only && only !== 'subject' ? only : 'other'
  }

  /** A condition within a sentence; a group within another kind of group stands in brackets. */
  private inline(when: When, within?: 'and' | 'or'): string {
    const { grammar } = this
    if (isTest(when)) return this.lower(this.test(when, false), when).text
    if (isNot(when)) {
      const { not } = when
      if (isTest(not)) return this.lower(this.test(not, true), not, true).text
      if (isNot(not)) return this.inline(not.not, within)
      if (isAny(not)) return grammar.neither(not.any.map(part => this.inline(part, 'or')))
      if (not.all.length === 1) return this.inline({ not: not.all[0]! }, within)
      return grammar.not(`(${this.inline(not)})`)
    }
    const parts = isAll(when) ? when.all : when.any
    if (parts.length === 1) return this.inline(parts[0]!, within)
    if (isAll(when)) {
      const text = grammar.and(parts.map(part => this.inline(part, 'and')))
      return within ? `(${text})` : text
    }
    const texts = parts.map(part => this.inline(part, 'or'))
    return within ? `(${grammar.or(texts)})` : grammar.either(texts)
  }

  /** "who are new" for "New visitors", where that cannot be the subject. */
  private lower(phrase: Phrase, test?: Test, negated = false): Phrase {
    if (phrase.slot !== 'subject') return phrase
    const subjects = Object.entries(this.grammar.subjects)
    const [field, pair] =
      subjects.find(([name]) => name === test?.field) ??
      subjects.find(([, pair]) => pair.includes(phrase.text))!
    const yes = test ? isYes(test) !== negated : pair[0] === phrase.text
    return { slot: 'who', text: this.grammar.flags[field]![yes ? 0 : 1] }
  }

  private test(test: Test, turned: boolean): Phrase {
    const { grammar } = this
    const field = fieldOf(this.vocabulary, test.field)
    const name = field?.name ?? test.field
    const slot = SLOT_OF[name] ?? SLOT_OF_GROUP[field?.source ?? ''] ?? 'other'
    const flags = grammar.flags[name]
    if (flags && test.operator !== 'exists') {
      const yes = isYes(test) !== turned
      const subject = grammar.subjects[name]?.[yes ? 0 : 1]
      if (subject) return { slot: 'subject', text: subject }
      return { slot: name in grammar.subjects ? 'who' : slot, text: flags[yes ? 0 : 1] }
    }
    const time = this.time(test, turned)
    if (time) return { slot, text: time }
    const negative = ['not_equals', 'not_in', 'not_contains'].includes(test.operator) !== turned
    const text = this.positive(test, name, negative)
    const said = negative && test.operator !== 'exists' ? grammar.not(text) : text
    const zone = test.timezone ? ` ${grammar.zone(test.timezone)}` : ''
    return { slot, text: said + zone }
  }

  /** Hours and days are said as the spans that they are, however a rule writes them. */
  private time(test: Test, turned: boolean): string | undefined {
    const zone = test.timezone ? ` ${this.grammar.zone(test.timezone)}` : ''
    const rest = (found: number[] | undefined, size: number) =>
      found && turned
        ? Array.from({ length: size }, (_, n) => n).filter(n => !found.includes(n))
        : found
    if (test.field === 'dayOfWeek') {
      const days = rest(daysOf(test), 7)
      return days && days.length > 0 ? this.grammar.days(days) + zone : undefined
    }
    if (test.field === 'hour') {
      const hours = rest(hoursOf(test), 24)
      const spans = hours && runs(hours).map(([from, to]): [number, number] => [from * 60, to * 60])
      return spans && this.grammar.hours(around(spans)) + zone
    }
    // A single minute is too short to be said as a span.
    if (
      test.field === 'time' &&
      !['equals', 'not_equals', 'in', 'not_in'].includes(test.operator)
    ) {
      const minutes = rest(minutesOf(test), 1440)
      return minutes && this.grammar.hours(around(runs(minutes).map(spanned))) + zone
    }
    if (test.field === 'percentile') {
      const [first, second] = valuesOf(test.value).map(Number)
      if (first === undefined || Number.isNaN(first)) return undefined
      const shares: Record<string, number> = {
        less_than: first,
        greater_than: 99 - first,
        between: (second ?? first) - first + 1,
      }
      const share = shares[test.operator]
      return share === undefined ? undefined : this.grammar.share(turned ? 100 - share : share)
    }
    return undefined
  }

  private positive(test: Test, name: string, negative: boolean): string {
    const { grammar } = this
    const field = fieldOf(this.vocabulary, test.field)
    const parameter = field?.parameter ?? ''
    const label = [field?.label ?? test.field, parameter].filter(Boolean).join(' ')
    if (test.operator === 'exists') {
      const present = grammar.present[name]
      if (present) return present[negative ? 1 : 0](parameter)
      const known = grammar.compares.exists!(label, '', '')
      return negative ? grammar.not(known) : known
    }
    const values = valuesOf(test.value)
    const named = this.names.of(name, values)
    if (['equals', 'not_equals', 'in', 'not_in'].includes(test.operator)) {
      // Who comes from nowhere has an empty referrer.
      if (test.value === '' && grammar.present[name]) return grammar.present[name][1](parameter)
      const list = this.names.list(name === 'os' ? apples(named) : named)
      return grammar.is[name]?.(list, parameter || grammar.missing) ?? grammar.isElse(label, list)
    }
    const [first = grammar.missing, second = grammar.missing] = named.filter(Boolean)
    const operator = test.operator === 'not_contains' ? 'contains' : test.operator
    const own = grammar.comparesOwn[name]?.[operator]
    if (own) return own(first, second)
    const isText = ['contains', 'starts_with', 'ends_with', 'matches'].includes(operator)
    const word = grammar.compares[operator]
    if (!word) {
      const words = operatorOf(this.vocabulary, operator)?.label ?? operator
      return [label, words, this.names.list(named)].join(' ')
    }
    return word(label, isText ? grammar.quoted(first) : first, second)
  }
}

/** `67 %` of 2 of 3. */
export function shareOf(weight: number, sum: number): string {
  return `${sum === 0 ? 0 : Math.round((weight / sum) * 100)} %`
}

function leaves(when: When): Test[] {
  if (isTest(when)) return [when]
  if (isNot(when)) return leaves(when.not)
  return (isAll(when) ? when.all : when.any).flatMap(leaves)
}

function isYes(test: Test): boolean {
  if (test.operator === 'is_false') return false
  if (test.operator === 'is_true') return true
  const yes = valuesOf(test.value).some(value => value.trim().toLowerCase() === 'true')
  return ['not_equals', 'not_in'].includes(test.operator) ? !yes : yes
}
