import './bar-chart.css';
import 'uplot/dist/uPlot.min.css';
import { useEffect, useRef, useState } from 'preact/hooks';
import Plot from 'uplot';
import { numberText } from '../language.ts';

interface Series {
  readonly label: string;
  readonly values: readonly number[];
  /** The name of a variable of the stylesheet. */
  readonly colour: string;
}

interface Props {
  /** What the picture shows, in a sentence. */
  readonly label: string;
  /** Below each bar; where there are many, some are left out. */
  readonly names: readonly string[];
  /** From the bottom to the top. */
  readonly series: readonly Series[];
  /** Says what a bar tells, while it is pointed at. */
  readonly onPoint: (bar: number | undefined) => void;
}

const height = 240;
/** So wide is a name below a bar at most. */
const namePx = 64;

/** Bars that stand on each other. Whoever does not see them needs a table beside. */
export default function BarChart({ label, names, series, onPoint }: Props) {
  const place = useRef<HTMLDivElement>(null);
  const theme = useTheme();
  const point = useRef(onPoint);
  point.current = onPoint;
  useEffect(() => {
    const element = place.current;
    if (element === null) return undefined;
    const plot = new Plot(
      optionsOf(element, names, series, (bar) => point.current(bar)),
      [names.map((_, bar) => bar), ...stacked(series)],
      element,
    );
    const observer = new ResizeObserver(([entry]) => {
      const width = Math.floor(entry?.contentRect.width ?? 0);
      if (width > 0 && width !== plot.width) plot.setSize({ width, height });
    });
    observer.observe(element);
    return () => {
      observer.disconnect();
      plot.destroy();
    };
  }, [names, series, theme]);
  return <div ref={place} class="chart__picture" role="img" aria-label={label} dir="ltr" />;
}

/** The sums up to each series, the highest first, so that each is painted over by the one below it. */
function stacked(series: readonly Series[]): (number | null)[][] {
  const sums: number[][] = [];
  for (const { values } of series) {
    const below = sums.at(-1);
    sums.push(values.map((value, bar) => value + (below?.[bar] ?? 0)));
  }
  const isEmpty = sums.every((values) => values.every((value) => value === 0));
  // The edge of a bar of nothing would hide the line that it stands on.
  return sums.toReversed().map((values) => values.map((value) => (value === 0 && !isEmpty ? null : value)));
}

function optionsOf(
  element: Element,
  names: readonly string[],
  series: readonly Series[],
  onPoint: Props['onPoint'],
): Plot.Options {
  const style = getComputedStyle(element);
  const colour = (name: string): string => style.getPropertyValue(name).trim();
  const axis = {
    stroke: colour('--quiet'),
    font: `12px ${style.fontFamily}`,
    ticks: { show: false },
  };
  const bars = Plot.paths.bars?.({ size: [0.72, 56], radius: 0.15 });
  return {
    width: Math.max(1, Math.floor(element.getBoundingClientRect().width)),
    height,
    padding: [12, 8, 0, 0],
    legend: { show: false },
    cursor: { y: false, points: { show: false }, drag: { x: false, y: false } },
    scales: {
      x: { time: false, range: [-0.5, names.length - 0.5] },
      // Never a scale of nothing, and always whole numbers.
      y: { range: (_plot, _least, most) => [0, Math.max(4, Math.ceil(most * 1.08))] },
    },
    axes: [
      {
        ...axis,
        size: 28,
        grid: { show: false },
        splits: (plot) => {
          const every = Math.max(1, Math.ceil((names.length * namePx) / Math.max(1, plot.width)));
          return names.map((_, bar) => bar).filter((bar) => bar % every === 0);
        },
        values: (_plot, splits) => splits.map((bar) => names[bar] ?? ''),
      },
      {
        ...axis,
        size: 52,
        grid: { stroke: colour('--line'), width: 1 },
        incrs: [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000, 20_000, 50_000, 100_000],
        values: (_plot, splits) => splits.map((value) => numberText(value)),
      },
    ],
    series: [
      {},
      ...series.toReversed().map(({ label, colour: name }) => ({
        label,
        fill: colour(name),
        // A line of the ground between the bars, for eyes that do not tell the colours apart.
        stroke: colour('--surface'),
        width: 1,
        points: { show: false },
        ...(bars === undefined ? {} : { paths: bars }),
      })),
    ],
    hooks: {
      setCursor: [
        ({ cursor: { idx } }) => {
          onPoint(idx ?? undefined);
        },
      ],
    },
  };
}

/** Changes when the colours of the page do. */
function useTheme(): number {
  const [changes, setChanges] = useState(0);
  useEffect(() => {
    const changed = (): void => {
      setChanges((before) => before + 1);
    };
    const observer = new MutationObserver(changed);
    observer.observe(document.documentElement, { attributeFilter: ['data-theme'] });
    const device = matchMedia('(prefers-color-scheme: dark)');
    device.addEventListener('change', changed);
    return () => {
      observer.disconnect();
      device.removeEventListener('change', changed);
    };
  }, []);
  return changes;
}
