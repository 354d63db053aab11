/** Streams from one thing to another, as wide as they are many. */
import { SankeyChart } from 'echarts/charts'
import { TooltipComponent } from 'echarts/components'
import { init, use } from 'echarts/core'
import { SVGRenderer } from 'echarts/renderers'

use([SankeyChart, TooltipComponent, SVGRenderer])

export { init }
