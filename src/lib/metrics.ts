type Labels = Readonly<Record<string, string>>;

/** A number that only grows, for each set of labels. Labels are of a closed set: never text from a request. */
export interface Counter {
  add(labels?: Labels, by?: number): void;
}

/** How long things took, in seconds, in buckets. */
export interface Histogram {
  observe(seconds: number, labels?: Labels): void;
}

/** Counts and times, told in the text format that Prometheus reads. */
export class Metrics {
  readonly #families: (() => string)[] = [];

  counter(name: string, about: string): Counter {
    const values = new Map<string, { labels: Labels; value: number }>();
    this.#families.push(() =>
      family(
        name,
        'counter',
        about,
        [...values.values()].map(({ labels, value }) => `${name}${rendered(labels)} ${value}`),
      ),
    );
    return {
      add(labels = {}, by = 1) {
        const key = keyOf(labels);
        const row = values.get(key) ?? { labels, value: 0 };
        values.set(key, row);
        row.value += by;
      },
    };
  }

  /** @param read gives the value when somebody asks */
  gauge(name: string, about: string, read: () => number): void {
    this.#families.push(() => family(name, 'gauge', about, [`${name} ${read()}`]));
  }

  /**
   * A counter that somebody else keeps.
   * @param read gives the values when somebody asks
   */
  counterRead(
    name: string,
    about: string,
    read: () => readonly { readonly labels: Labels; readonly value: number }[],
  ): void {
    this.#families.push(() =>
      family(
        name,
        'counter',
        about,
        read().map(({ labels, value }) => `${name}${rendered(labels)} ${value}`),
      ),
    );
  }

  /** @param bounds upper bounds of the buckets, ascending */
  histogram(name: string, about: string, bounds: readonly number[]): Histogram {
    const kept = new Map<string, { labels: Labels; counts: number[]; sum: number; count: number }>();
    this.#families.push(() =>
      family(
        name,
        'histogram',
        about,
        [...kept.values()].flatMap(({ labels, counts, sum, count }) => [
          ...bounds.map(
            (bound, at) => `${name}_bucket${rendered({ ...labels, le: String(bound) })} ${counts[at] ?? 0}`,
          ),
          `${name}_bucket${rendered({ ...labels, le: '+Inf' })} ${count}`,
          `${name}_sum${rendered(labels)} ${sum}`,
          `${name}_count${rendered(labels)} ${count}`,
        ]),
      ),
    );
    return {
      observe(seconds, labels = {}) {
        const key = keyOf(labels);
        const row = kept.get(key) ?? { labels, counts: bounds.map(() => 0), sum: 0, count: 0 };
        kept.set(key, row);
        row.sum += seconds;
        row.count += 1;
        for (const [at, bound] of bounds.entries()) if (seconds <= bound) row.counts[at] = (row.counts[at] ?? 0) + 1;
      },
    };
  }

  /** Everything, as text (`text/plain; version=0.0.4`). */
  text(): string {
    return this.#families.map((render) => render()).join('');
  }
}

/** Not the rendered text: this is made for each count, that only when somebody asks. */
function keyOf(labels: Labels): string {
  let key = '';
  for (const name in labels) key += `${labels[name] ?? ''}\n${name}\n`;
  return key;
}

function family(name: string, kind: string, about: string, lines: readonly string[]): string {
  return `# HELP ${name} ${about}\n# TYPE ${name} ${kind}\n${lines.map((line) => `${line}\n`).join('')}`;
}

function rendered(labels: Labels): string {
  const parts = Object.entries(labels).map(
    ([key, value]) => `${key}="${value.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n')}"`,
  );
  return parts.length === 0 ? '' : `{${parts.join(',')}}`;
}
