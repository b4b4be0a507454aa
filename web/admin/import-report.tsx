import type { ImportProgress } from '../../src/client/index.ts';
import { numberText } from '../language.ts';
import { Button } from '../parts/button.tsx';
import { saveFile } from '../parts/save-file.ts';
import { Table } from '../parts/table.tsx';
import { imports as words } from '../words/import.ts';
import { problemText } from '../words/import-problems.ts';

/** How many people were seen, and what became of them. */
export function People({ run: { people, dryRun } }: { readonly run: ImportProgress }) {
  const numbers = [
    ['seen', words.say('seen')],
    ['brought', words.say(dryRun ? 'wouldCome' : 'brought')],
    ['there', words.say('there')],
    ['skipped', words.say('skipped')],
  ] as const;
  return (
    <dl class="import__people">
      {numbers.map(([name, label]) => (
        <div key={name} class="import__number">
          <dt>{label}</dt>
          <dd>{numberText(people[name])}</dd>
        </div>
      ))}
    </dl>
  );
}

/** What did not come in, or not wholly, and why. */
export function Problems({ run }: { readonly run: ImportProgress }) {
  const { problems, problemsTotal, name } = run;
  if (problems.length === 0) return null;
  return (
    <section class="import__problems" aria-label={words.say('problems')}>
      <header class="panel__head">
        <h3>{words.say('problemsCount', { count: problemsTotal })}</h3>
        <Button
          small
          icon="cloud-arrow-down"
          onClick={() => {
            saveFile(
              `${name.replaceAll(/[^\w.-]/gu, '_')}-problems.jsonl`,
              problems.map((problem) => `${JSON.stringify(problem)}\n`),
              'application/jsonl',
            );
          }}
        >
          {words.say('saveProblems')}
        </Button>
      </header>
      {problemsTotal > problems.length ? (
        <p class="quiet">{words.say('firstOnly', { count: problems.length })}</p>
      ) : null}
      <Table
        label={words.say('problems')}
        rows={problems.map((problem, at) => ({ ...problem, at }))}
        keyOf={({ at }) => String(at)}
        columns={[
          { key: 'where', head: words.say('where'), cell: ({ where }) => <bdi class="import__where">{where}</bdi> },
          { key: 'why', head: words.say('why'), cell: ({ why }) => problemText(why) },
        ]}
      />
    </section>
  );
}
