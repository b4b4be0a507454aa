import { useState } from 'preact/hooks';
import type { DirectorySyncReport } from '../../../src/client/index.ts';
import { client } from '../../client.ts';
import { announce } from '../../parts/announce.tsx';
import { Button } from '../../parts/button.tsx';
import { Callout } from '../../parts/callout.tsx';
import { Confirm } from '../../parts/dialog.tsx';
import { CheckField } from '../../parts/field.tsx';
import { Panel } from '../../parts/panel.tsx';
import { Progress } from '../../parts/progress.tsx';
import { Empty, Shown } from '../../parts/states.tsx';
import { useAct } from '../../parts/use-act.ts';
import { useEvery } from '../../parts/use-every.ts';
import { useLoaded } from '../../parts/use-loaded.ts';
import { directory as words } from '../../words/directory.ts';
import { Report } from './report.tsx';

const everyMs = 2_000;

/** Runs over all people of the directory: first what one would do, then the run itself, and what the last one did. */
export function Sync() {
  const act = useAct();
  const [isFull, setFull] = useState(true);
  const [dry, setDry] = useState<DirectorySyncReport | undefined>(undefined);
  const [isAsking, setAsking] = useState(false);
  /** When the run before ended, while one is under way; empty where there was none. */
  const [before, setBefore] = useState<string | undefined>(undefined);
  const last = useLoaded(async () => {
    const { report } = await client.get('ldap.syncReport');
    if (before !== undefined && report !== null && report.endedAt !== before) {
      setBefore(undefined);
      announce(words.say('finished'));
    }
    return { report };
  });
  useEvery(before === undefined ? undefined : everyMs, last.reload);
  const isRunning = before !== undefined;
  return (
    <>
      <Panel title={words.say('syncTitle')} about={words.say('syncNowAbout')}>
        <CheckField
          label={words.say('full')}
          name="full"
          hint={words.say('fullHint')}
          checked={isFull}
          onChange={({ currentTarget }) => {
            setFull(currentTarget.checked);
            setDry(undefined);
          }}
        />
        <div class="buttons">
          <Button
            icon="eye"
            busy={act.isBusy}
            disabled={isRunning}
            onClick={() =>
              void act.run(async () => {
                const { report } = await client.post('ldap.syncNow', { dryRun: true, full: isFull });
                setDry(report);
              })
            }
          >
            {words.say('dryRun')}
          </Button>
          <Button
            kind={dry === undefined ? 'secondary' : 'primary'}
            icon="refresh"
            disabled={isRunning || act.isBusy}
            onClick={() => setAsking(true)}
          >
            {words.say('syncNow')}
          </Button>
        </div>
        {act.mistake === undefined ? null : <Callout kind="danger">{act.mistake.text}</Callout>}
        {isRunning ? <Progress label={words.say('syncTitle')}>{words.say('running')}</Progress> : null}
        {dry === undefined ? null : <Report title={words.say('dryReport')} report={dry} />}
      </Panel>
      <Panel title={words.say('lastRun')}>
        <Shown of={last}>
          {({ report }) =>
            report === null ? (
              <Empty title={words.say('noRun')}>
                <p>{words.say('noRunText')}</p>
              </Empty>
            ) : (
              <Report report={report} />
            )
          }
        </Shown>
      </Panel>
      {isAsking ? (
        <Confirm
          title={words.say('syncTitleAsk')}
          doIt={words.say('syncNow')}
          onClose={() => setAsking(false)}
          onConfirm={async () => {
            const { report } = await client.get('ldap.syncReport');
            await client.post('ldap.syncNow', { full: isFull });
            setDry(undefined);
            setBefore(report?.endedAt ?? '');
          }}
        >
          <p>{words.say(dry === undefined ? 'syncTextBlind' : 'syncText')}</p>
          {dry === undefined || dry.closed === 0 ? null : (
            <p>
              <strong>{words.say('syncCloses', { count: dry.closed })}</strong>
            </p>
          )}
        </Confirm>
      ) : null}
    </>
  );
}
