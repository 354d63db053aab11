/** The world, its countries filled, with bubbles on it. */
import { ScatterChart } from 'echarts/charts'
import { GeoComponent, TooltipComponent } from 'echarts/components'
import { init, registerMap, use } from 'echarts/core'
import { SVGRenderer } from 'echarts/renderers'
import { WORLD, world } from '../world'

use([ScatterChart, GeoComponent, TooltipComponent, SVGRenderer])
registerMap(WORLD, world as never)

export { init }
