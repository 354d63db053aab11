/** ECharts, of which only what a kind of chart needs is loaded, and only once it is drawn. */
import type { EChartsCoreOption, EChartsType } from 'echarts/core'

export type Option = EChartsCoreOption
export type Drawn = EChartsType

const KINDS = {
  line: () => import('./kinds/line'),
  map: () => import('./kinds/map'),
  sankey: () => import('./kinds/sankey'),
}

export type Kind = keyof typeof KINDS

/** What draws charts of a kind. A page calls it when it is loaded itself, so that both come at once. */
export function engineOf(kind: Kind) {
  return KINDS[kind]()
}
