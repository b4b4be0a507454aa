import type { DirectorySyncReport } from '../../../src/client/index.ts';
import { numberText } from '../../language.ts';
import { Callout } from '../../parts/callout.tsx';
import { When } from '../../parts/when.tsx';
import { directory as words } from '../../words/directory.ts';

const counts = ['seen', 'created', 'updated', 'closed', 'opened', 'unchanged', 'pictures'] as const;

/** What a run came to, or would come to. */
export function Report({ title, report }: { readonly title?: string; readonly report: DirectorySyncReport }) {
  const { endedAt, dryRun, closing, skipped, skippedCount, stopped, failed } = report;
  return (
    <section class="report">
      {title === undefined ? null : <h3>{title}</h3>}
      {failed === null ? null : (
        <Callout kind="danger" title={words.say('runFailed')}>
          <p lang="en">{failed}</p>
        </Callout>
      )}
      {stopped === null ? null : (
        <Callout kind="warning" title={words.say('runStopped')}>
          <p lang="en">{stopped}</p>
        </Callout>
      )}
      <dl class="report__counts">
        {dryRun ? null : (
          <div>
            <dt>{words.say('ended')}</dt>
            <dd>
              <When at={endedAt} />
            </dd>
          </div>
        )}
        {counts.map((name) => (
          <div key={name}>
            <dt>{words.say(name)}</dt>
            <dd>{numberText(report[name])}</dd>
          </div>
        ))}
        <div>
          <dt>{words.say('skipped')}</dt>
          <dd>{numberText(skippedCount)}</dd>
        </div>
      </dl>
      {closing.length === 0 ? null : (
        <details class="more-settings">
          <summary>{words.say('closing')}</summary>
          <ul>
            {closing.map((name) => (
              <li key={name}>
                <bdi>{name}</bdi>
              </li>
            ))}
          </ul>
        </details>
      )}
      {skipped.length === 0 ? null : (
        <details class="more-settings">
          <summary>{words.say('skippedWhy')}</summary>
          <ul>
            {skipped.map(({ dn, because }) => (
              <li key={`${dn} ${because}`}>
                <code dir="ltr">{dn}</code> – <span lang="en">{because}</span>
              </li>
            ))}
          </ul>
        </details>
      )}
    </section>
  );
}
