/** The world, its countries filled, with bubbles on it. */
import { EffectScatterChart, MapChart, ScatterChart } from 'echarts/charts'
import { GeoComponent, TooltipComponent } from 'echarts/components'
import { init, registerMap, use } from 'echarts/core'
import { SVGRenderer } from 'echarts/renderers'
import { WORLD, world } from '../world'

use([MapChart, ScatterChart, EffectScatterChart, GeoComponent, TooltipComponent, SVGRenderer])
registerMap(WORLD, world as never)

export { init }
