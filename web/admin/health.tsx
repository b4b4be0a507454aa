import type { ComponentChildren } from 'preact';
import type { StatisticsOverview } from '../../src/client/index.ts';
import { distanceText } from '../language.ts';
import { Panel } from '../parts/panel.tsx';
import { Loading } from '../parts/states.tsx';
import { Tag } from '../parts/tag.tsx';
import { dashboard as words } from '../words/dashboard.ts';
import { AdminLink } from './link.tsx';

/** After so long a mail that waits is worth a look. */
const longMs = 10 * 60_000;

const kinds = { fine: 'primary', look: 'danger', off: 'secondary' } as const;

interface Finding {
  readonly is: keyof typeof kinds;
  readonly text: string;
}

/** Whether what stands around the server does its part, in words, with the way to what helps. */
export function Health({ told }: { readonly told: StatisticsOverview | undefined }) {
  return (
    <Panel title={words.say('health')}>
      {told === undefined ? (
        <Loading lines={3} />
      ) : (
        <dl class="health">
          <Line
            name={words.say('mail')}
            found={mailHealth(told.mails)}
            action={<AdminLink to="mail">{words.say('toMail')}</AdminLink>}
          />
          <Line
            name={words.say('directory')}
            found={directoryHealth(told.directory)}
            action={<AdminLink to="directory">{words.say('toDirectory')}</AdminLink>}
          />
          <Line
            name={words.say('version')}
            found={{ is: 'off', text: words.say('versionAbout', { version: told.version, node: told.node }) }}
          />
        </dl>
      )}
    </Panel>
  );
}

function Line({
  name,
  found,
  action,
}: {
  readonly name: string;
  readonly found: Finding;
  readonly action?: ComponentChildren;
}) {
  return (
    <div class="health__line">
      <dt>{name}</dt>
      <dd class="health__told">
        {action === undefined ? null : <Tag kind={kinds[found.is]}>{words.say(found.is)}</Tag>}
        <span>{found.text}</span>
        {action === undefined ? null : <span class="health__way">{action}</span>}
      </dd>
    </div>
  );
}

function mailHealth({ serverSet, failed, kept, waiting, oldestWaitingAt }: StatisticsOverview['mails']): Finding {
  if (!serverSet) return { is: 'look', text: words.say(kept === 0 ? 'mailNone' : 'mailKept', { count: kept }) };
  if (failed > 0) return { is: 'look', text: words.say('mailFailed', { count: failed }) };
  if (oldestWaitingAt !== undefined && Date.now() - Date.parse(oldestWaitingAt) > longMs) {
    return { is: 'look', text: words.say('mailLate', { count: waiting, since: distanceText(oldestWaitingAt) }) };
  }
  return { is: 'fine', text: waiting === 0 ? words.say('mailFine') : words.say('mailWaits', { count: waiting }) };
}

function directoryHealth({ on, lastRunEndedAt, lastRunFailed }: StatisticsOverview['directory']): Finding {
  if (!on) return { is: 'off', text: words.say('directoryOff') };
  if (lastRunEndedAt === undefined) return { is: 'fine', text: words.say('directoryNoRun') };
  const when = distanceText(lastRunEndedAt);
  return lastRunFailed === true
    ? { is: 'look', text: words.say('directoryFailed', { when }) }
    : { is: 'fine', text: words.say('directoryFine', { when }) };
}
