/** How the parts that we did not draw ourselves look: the tokens, told to Mantine. */
import {
  type CSSVariablesResolver,
  createTheme,
  defaultVariantColorsResolver,
  type MantineColorsTuple,
} from '@mantine/core'

/** From the palest to the darkest; buttons take the seventh by day and the fourth by night. */
const accent: MantineColorsTuple = [
  '#e1f1f2',
  '#b5dadd',
  '#82bfc4',
  '#4fc3cc',
  '#4e9fa6',
  '#237f87',
  '#0b6b74',
  '#08565e',
  '#06464c',
  '#07272b',
]

/** The night's texts, edges, lines and grounds: what Mantine's parts take for theirs. */
const dark: MantineColorsTuple = [
  '#e9ecf1',
  '#b6bec9',
  '#98a2b0',
  '#6e7886',
  '#2e353f',
  '#232932',
  '#191d23',
  '#11141a',
  '#0d1014',
  '#0a0c10',
]

export const theme = createTheme({
  primaryColor: 'accent',
  primaryShade: { light: 6, dark: 3 },
  colors: { accent, dark },
  autoContrast: true,
  variantColorResolver: input => {
    const colors = defaultVariantColorsResolver(input)
    const isAccent = !input.color || input.color === 'accent'
    // What is written on the accent differs by day and by night, which Mantine does not know.
    if (input.variant !== 'filled') return colors
    if (isAccent) return { ...colors, background: 'var(--accent)', color: 'var(--on-accent)' }
    if (input.color !== 'red') return colors
    return { ...colors, background: 'var(--bad)', hover: 'var(--bad)', color: 'var(--surface)' }
  },
  fontFamily:
    'system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", "Noto Sans", sans-serif',
  fontFamilyMonospace: 'var(--mono)',
  fontSizes: { xs: '12px', sm: '14px', md: '14px', lg: '16px', xl: '20px' },
  lineHeights: { xs: '1.4', sm: '20px', md: '20px', lg: '24px', xl: '28px' },
  spacing: { xs: '4px', sm: '8px', md: '12px', lg: '16px', xl: '24px' },
  defaultRadius: 'var(--radius)',
  headings: {
    fontWeight: '650',
    sizes: { h1: { fontSize: '20px' }, h2: { fontSize: '16px' }, h3: { fontSize: '14px' } },
  },
  components: {
    Modal: { defaultProps: { transitionProps: { duration: 120 }, centered: true } },
    Drawer: { defaultProps: { transitionProps: { duration: 120 }, position: 'right' } },
    // Whoever has no mouse scrolls it too.
    TableScrollContainer: { defaultProps: { type: 'native', tabIndex: 0 } },
    Tooltip: {
      defaultProps: { events: { hover: true, focus: true, touch: true }, openDelay: 200 },
    },
  },
})

const both = {
  '--mantine-color-body': 'var(--canvas)',
  '--mantine-color-text': 'var(--text)',
  '--mantine-color-dimmed': 'var(--text-3)',
  '--mantine-color-placeholder': 'var(--text-3)',
  '--mantine-color-default': 'var(--surface)',
  '--mantine-color-default-hover': 'var(--sunken)',
  '--mantine-color-default-color': 'var(--text)',
  '--mantine-color-default-border': 'var(--edge)',
  '--mantine-color-anchor': 'var(--accent)',
  '--mantine-color-error': 'var(--bad)',
  '--mantine-primary-color-filled': 'var(--accent)',
  '--mantine-primary-color-contrast': 'var(--on-accent)',
}

export const variables: CSSVariablesResolver = () => ({ variables: {}, light: both, dark: both })
