import { useEffect, useMemo, useState } from 'preact/hooks';
import type { SignInBucket } from '../../src/client/index.ts';
import { client } from '../client.ts';
import { locale, numberText } from '../language.ts';
import type BarChart from '../parts/bar-chart.tsx';
import { Button } from '../parts/button.tsx';
import { Panel } from '../parts/panel.tsx';
import { Empty, Loading, Shown } from '../parts/states.tsx';
import { Table } from '../parts/table.tsx';
import { useEvery } from '../parts/use-every.ts';
import { useLoaded } from '../parts/use-loaded.ts';
import { dashboard as words } from '../words/dashboard.ts';
import { refusalText } from '../words/refusals.ts';

const hourMs = 3_600_000;
const ranges = {
  day: { step: 'hour', buckets: 24, name: { hour: 'numeric' } },
  week: { step: 'day', buckets: 7, name: { weekday: 'short', day: 'numeric' } },
  month: { step: 'day', buckets: 30, name: { day: 'numeric', month: 'short' } },
} as const;

type Range = keyof typeof ranges;

/** How many signed in and how many were refused, as a picture and as a table. */
export function SignIns({ everyMs }: { readonly everyMs: number }) {
  const [range, setRange] = useState<Range>('day');
  const loaded = useLoaded(async () => await fetchBuckets(range), range);
  useEvery(everyMs, loaded.reload);
  return (
    <Panel
      title={words.say('signIns')}
      actions={(Object.keys(ranges) as Range[]).map((one) => (
        <Button key={one} small aria-pressed={one === range} onClick={() => setRange(one)}>
          {words.say(one)}
        </Button>
      ))}
    >
      <div class="chart__all">
        <Shown of={loaded} lines={8}>
          {(told) => <Counted range={told.range} buckets={told.buckets} />}
        </Shown>
      </div>
    </Panel>
  );
}

/** The last one is of the hour or the day that goes on. */
async function fetchBuckets(range: Range) {
  const { step, buckets } = ranges[range];
  const start = new Date();
  start.setMinutes(0, 0, 0);
  if (step === 'hour') start.setTime(start.getTime() - (buckets - 1) * hourMs);
  else {
    start.setHours(0);
    start.setDate(start.getDate() - (buckets - 1));
  }
  const told = await client.get('statistics.signIns', { since: start.toISOString(), step });
  return { range, buckets: told.buckets };
}

function Counted({ range, buckets }: { readonly range: Range; readonly buckets: readonly SignInBucket[] }) {
  const [pointed, setPointed] = useState<number | undefined>(undefined);
  const done = buckets.reduce((sum, bucket) => sum + bucket.done, 0);
  const refused = buckets.reduce((sum, bucket) => sum + bucket.refused, 0);
  const sum = words.say('signInsAbout', {
    done: words.say('done', { count: done }),
    refused: words.say('refused', { count: refused }),
  });
  const at = pointed === undefined ? undefined : buckets[pointed];
  return (
    <>
      <p class="chart__sum">{sum}</p>
      {done + refused === 0 ? (
        <Empty title={words.say('noSignIns')} />
      ) : (
        <figure class="chart">
          <Picture range={range} buckets={buckets} label={`${words.say(range)}: ${sum}`} onPoint={setPointed} />
          <figcaption class="chart__legend">
            <span class="chart__key chart__key--done">{words.say('doneKey')}</span>
            <span class="chart__key chart__key--refused">{words.say('refusedKey')}</span>
            <span class="chart__pointed">{at === undefined ? '' : pointedText(range, at)}</span>
          </figcaption>
        </figure>
      )}
      <Reasons buckets={buckets} />
      <details class="more">
        <summary>{words.say('asTable')}</summary>
        <Table
          label={words.say('signIns')}
          keyOf={({ from }) => from}
          rows={buckets.toReversed()}
          columns={[
            { key: 'from', head: words.say(ranges[range].step), cell: ({ from }) => fullName(range, from) },
            { key: 'done', head: words.say('doneKey'), atEnd: true, cell: (bucket) => numberText(bucket.done) },
            {
              key: 'refused',
              head: words.say('refusedKey'),
              atEnd: true,
              cell: (bucket) => numberText(bucket.refused),
            },
          ]}
        />
      </details>
    </>
  );
}

type Chart = typeof BarChart;

/** The picture, whose code is fetched after everything else is seen. Its place is as large before. */
function Picture({
  range,
  buckets,
  label,
  onPoint,
}: {
  readonly range: Range;
  readonly buckets: readonly SignInBucket[];
  readonly label: string;
  readonly onPoint: (bar: number | undefined) => void;
}) {
  const [Chart, setChart] = useState<Chart | undefined>(undefined);
  useEffect(() => {
    import('../parts/bar-chart.tsx').then(
      ({ default: loaded }) => setChart(() => loaded),
      // The table tells the same.
      () => undefined,
    );
  }, []);
  const format = new Intl.DateTimeFormat(locale, ranges[range].name);
  const key = JSON.stringify([range, buckets.map(({ from, done, refused }) => [from, done, refused])]);
  const [names, series] = useMemo(
    () => [
      buckets.map(({ from }) => format.format(new Date(from))),
      [
        { label: words.say('doneKey'), values: buckets.map(({ done }) => done), colour: '--chart-done' },
        { label: words.say('refusedKey'), values: buckets.map(({ refused }) => refused), colour: '--chart-refused' },
      ],
    ],
    // What came anew and is the same draws nothing anew.
    [key],
  );
  return (
    <div class="chart__place">
      {Chart === undefined ? (
        <Loading lines={6} />
      ) : (
        <Chart label={label} names={names} series={series} onPoint={onPoint} />
      )}
    </div>
  );
}

/** Why attempts were refused, the most frequent first. */
function Reasons({ buckets }: { readonly buckets: readonly SignInBucket[] }) {
  const byCode = new Map<string, number>();
  for (const bucket of buckets) {
    for (const [code, count] of Object.entries(bucket.byCode)) byCode.set(code, (byCode.get(code) ?? 0) + count);
  }
  if (byCode.size === 0) return null;
  return (
    <div>
      <h3>{words.say('reasons')}</h3>
      <ul class="reasons">
        {[...byCode]
          .toSorted(([, one], [, other]) => other - one)
          .map(([code, count]) => (
            <li key={code}>
              <span>{refusalText(code)}</span> <strong>{numberText(count)}</strong>
            </li>
          ))}
      </ul>
    </div>
  );
}

function fullName(range: Range, from: string): string {
  const options: Intl.DateTimeFormatOptions =
    ranges[range].step === 'hour' ? { dateStyle: 'medium', timeStyle: 'short' } : { dateStyle: 'full' };
  return new Intl.DateTimeFormat(locale, options).format(new Date(from));
}

function pointedText(range: Range, { from, done, refused }: SignInBucket): string {
  return words.say('pointed', {
    when: fullName(range, from),
    done: words.say('done', { count: done }),
    refused: words.say('refused', { count: refused }),
  });
}
