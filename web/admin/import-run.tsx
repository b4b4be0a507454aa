import { useState } from 'preact/hooks';
import type { ImportProgress } from '../../src/client/index.ts';
import { client } from '../client.ts';
import { bytesText, momentText } from '../language.ts';
import { Button } from '../parts/button.tsx';
import { Callout } from '../parts/callout.tsx';
import { Confirm } from '../parts/dialog.tsx';
import { Panel } from '../parts/panel.tsx';
import { Progress } from '../parts/progress.tsx';
import { Tag } from '../parts/tag.tsx';
import { useAct } from '../parts/use-act.ts';
import { imports as words } from '../words/import.ts';
import { People, Problems } from './import-report.tsx';

interface Props {
  readonly run: ImportProgress;
  readonly onChanged: () => void;
}

const tags = {
  uploaded: 'secondary',
  running: 'primary',
  done: 'primary',
  failed: 'danger',
  stopped: 'warning',
} as const;

/** The file that lies on the server: what can be done with it, how that goes, and what came of it. */
export function ImportRun({ run, onChanged }: Props) {
  const { importId, name, state, dryRun, totalBytes, uploadedAt, startedAt } = run;
  const [asks, setAsks] = useState<'import' | 'remove' | undefined>(undefined);
  const act = useAct();
  const start = async (looksOnly: boolean): Promise<void> => {
    await client.post('imports.start', { importId, dryRun: looksOnly });
    onChanged();
  };
  const isDone = state === 'done' && !dryRun;
  return (
    <Panel title={words.say(isDone ? 'result' : 'onServer')} actions={<Tag kind={tags[state]}>{stateText(run)}</Tag>}>
      <p class="import__file">
        <bdi>{name}</bdi>{' '}
        <span class="quiet">
          {words.say('fileFacts', { size: bytesText(totalBytes), when: momentText(uploadedAt) })}
        </span>
      </p>
      {act.mistake === undefined ? null : <Callout kind="danger">{act.mistake.text}</Callout>}
      <Told run={run} />
      {startedAt === null ? null : <People run={run} />}
      <div class="buttons">
        {state === 'running' ? (
          <Button
            busy={act.isBusy}
            onClick={() => {
              void act.run(async () => {
                await client.post('imports.stop', { importId });
                onChanged();
              });
            }}
          >
            {words.say('stop')}
          </Button>
        ) : isDone ? null : (
          <>
            {dryRun && state === 'done' ? (
              <Button kind="primary" onClick={() => setAsks('import')}>
                {words.say('importNow')}
              </Button>
            ) : null}
            {!dryRun && (state === 'stopped' || state === 'failed') ? (
              <Button kind="primary" onClick={() => setAsks('import')}>
                {words.say('goOn')}
              </Button>
            ) : null}
            <Button
              kind={startedAt === null ? 'primary' : 'secondary'}
              busy={act.isBusy}
              onClick={() => void act.run(async () => await start(true))}
            >
              {words.say(startedAt === null ? 'look' : 'lookAgain')}
            </Button>
            <Button kind="secondary-danger" onClick={() => setAsks('remove')}>
              {words.say('removeFile')}
            </Button>
          </>
        )}
      </div>
      <Problems run={run} />
      {asks === 'import' ? (
        <Confirm
          title={words.say('importTitle')}
          doIt={words.say('importNow')}
          onClose={() => setAsks(undefined)}
          onConfirm={async () => await start(false)}
        >
          <p>{words.say('importWill', { count: run.people.brought })}</p>
          <p>{words.say('importThere')}</p>
        </Confirm>
      ) : null}
      {asks === 'remove' ? (
        <Confirm
          title={words.say('removeTitle')}
          doIt={words.say('removeFile')}
          onClose={() => setAsks(undefined)}
          onConfirm={async () => {
            await client.post('imports.remove', { importId });
            onChanged();
          }}
        >
          <p>{words.say('removeWill', { name })}</p>
        </Confirm>
      ) : null}
    </Panel>
  );
}

function stateText({ state, dryRun }: ImportProgress): string {
  switch (state) {
    case 'uploaded':
      return words.say('stateUploaded');
    case 'running':
      return words.say(dryRun ? 'stateLooking' : 'stateImporting');
    case 'done':
      return words.say(dryRun ? 'stateLooked' : 'stateDone');
    case 'failed':
      return words.say('stateFailed');
    case 'stopped':
      return words.say('stateStopped');
  }
}

/** Where it stands, and what comes next. */
function Told({ run }: { readonly run: ImportProgress }) {
  const { state, dryRun, readBytes, totalBytes, people } = run;
  if (state === 'running') {
    return (
      <Progress label={stateText(run)} done={readBytes} of={totalBytes}>
        {words.say('readSoFar', {
          done: bytesText(readBytes),
          of: bytesText(totalBytes),
          people: words.say('people', { count: people.seen }),
        })}
      </Progress>
    );
  }
  if (state === 'uploaded') return <p>{words.say('toldUploaded')}</p>;
  if (state === 'failed') return <Callout kind="danger">{words.say('toldFailed')}</Callout>;
  if (state === 'stopped') {
    return <Callout kind="warning">{words.say(dryRun ? 'toldLookStopped' : 'toldStopped')}</Callout>;
  }
  return <Callout kind={dryRun ? 'info' : 'success'}>{words.say(dryRun ? 'toldLooked' : 'toldDone')}</Callout>;
}
