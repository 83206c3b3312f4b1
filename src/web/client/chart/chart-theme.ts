import { ColorType, type DeepPartial, type TimeChartOptions } from 'lightweight-charts';

/** The page's colours as the chart needs them: resolved, in hex. */
export interface ChartTheme {
  readonly text: string;
  readonly grid: string;
  readonly line: string;
  readonly crosshair: string;
  readonly label: string;
  readonly up: string;
  readonly down: string;
  /** For what stands in a pane of its own. */
  readonly pane: string;
  /** For overlays, or for the coins that are compared, in turn. */
  readonly lines: readonly string[];
  readonly font: string;
}

/** Reads the colours that the element's styles hold now. */
export function readChartTheme(element: Element): ChartTheme {
  const style = getComputedStyle(element);
  const colour = (name: string): string => style.getPropertyValue(name).trim();
  return {
    text: colour('--faint'),
    grid: colour('--line'),
    line: colour('--line-strong'),
    crosshair: colour('--muted'),
    label: colour('--raised'),
    up: colour('--up'),
    down: colour('--down'),
    pane: colour('--muted'),
    lines: [colour('--accent'), colour('--teal'), colour('--pink'), colour('--lime')],
    font: style.fontFamily,
  };
}

/** A hex colour at that opacity. */
export const faded = (hex: string, opacity: number): string =>
  `${hex}${Math.round(opacity * 255)
    .toString(16)
    .padStart(2, '0')}`;

/** What of the chart's options is colour. */
export const themeOptions = (theme: ChartTheme): DeepPartial<TimeChartOptions> => ({
  layout: {
    background: { type: ColorType.Solid, color: 'transparent' },
    textColor: theme.text,
    fontFamily: theme.font,
    panes: { separatorColor: theme.grid, separatorHoverColor: theme.line },
  },
  grid: { vertLines: { color: faded(theme.grid, 0.6) }, horzLines: { color: faded(theme.grid, 0.6) } },
  crosshair: {
    vertLine: { color: faded(theme.crosshair, 0.6), labelBackgroundColor: theme.line },
    horzLine: { color: faded(theme.crosshair, 0.6), labelBackgroundColor: theme.line },
  },
});
