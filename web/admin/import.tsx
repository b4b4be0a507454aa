import './import.css';
import { useRef } from 'preact/hooks';
import { ClientError, type ImportProgress } from '../../src/client/index.ts';
import { client } from '../client.ts';
import { announce } from '../parts/announce.tsx';
import { Callout } from '../parts/callout.tsx';
import { Shown } from '../parts/states.tsx';
import { Title } from '../parts/title.tsx';
import { useEvery } from '../parts/use-every.ts';
import { useLoaded } from '../parts/use-loaded.ts';
import { usePerson } from '../person.ts';
import { imports as words } from '../words/import.ts';
import { menu } from '../words/menu.ts';
import { ImportFile } from './import-file.tsx';
import { ImportRun } from './import-run.tsx';

const runningMs = 1_000;
/** Somebody else may send a file or begin a run. */
const idleMs = 15_000;

/** Brings in the people of a Rocket.Chat: a file, a look at it, and then the import itself. */
export default function Import() {
  const { may } = usePerson();
  if (!may('create-user')) {
    return (
      <>
        <Title>{menu.say('import')}</Title>
        <Callout kind="warning">{words.say('mayNot')}</Callout>
      </>
    );
  }
  return <Steps />;
}

function Steps() {
  const before = useRef<ImportProgress['state'] | undefined>(undefined);
  const loaded = useLoaded(async () => {
    const found = await progressThere();
    if (before.current === 'running' && found !== undefined && found.state !== 'running') announce(endText(found));
    before.current = found?.state;
    return { found };
  });
  const isRunning = loaded.value?.found?.state === 'running';
  useEvery(isRunning ? runningMs : idleMs, loaded.reload);
  return (
    <>
      <Title>{menu.say('import')}</Title>
      <Shown of={loaded} lines={6}>
        {({ found }) => (
          <>
            {found === undefined ? null : <ImportRun run={found} onChanged={loaded.reload} />}
            {isRunning ? null : <ImportFile isFirst={found === undefined} onSent={loaded.reload} />}
          </>
        )}
      </Shown>
    </>
  );
}

/** The file that there is; undefined for none. */
async function progressThere(): Promise<ImportProgress | undefined> {
  try {
    return await client.get('imports.progress');
  } catch (cause) {
    if (cause instanceof ClientError && cause.status === 404) return undefined;
    throw cause;
  }
}

function endText({ state, dryRun }: ImportProgress): string {
  if (state === 'stopped') return words.say('stateStopped');
  if (state === 'failed') return words.say('stateFailed');
  return words.say(dryRun ? 'stateLooked' : 'stateDone');
}
