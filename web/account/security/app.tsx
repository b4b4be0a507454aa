import { useState } from 'preact/hooks';
import { client } from '../../client.ts';
import { announce } from '../../parts/announce.tsx';
import { Button } from '../../parts/button.tsx';
import { Callout } from '../../parts/callout.tsx';
import { Panel } from '../../parts/panel.tsx';
import { useAct } from '../../parts/use-act.ts';
import { security as words } from '../../words/security.ts';
import { AppSetUp, type Waiting } from './app-set-up.tsx';
import { CodeDialog } from './code-dialog.tsx';
import { ofFactors } from './factor-refusals.ts';
import { State } from './state.tsx';

interface Props {
  readonly hasApp: boolean;
  readonly onChanged: (codes?: readonly string[]) => Promise<void>;
}

/** The authenticator app: set up with a first code, taken away with one. */
export function AppPanel({ hasApp, onChanged }: Props) {
  const [waiting, setWaiting] = useState<Waiting | undefined>(undefined);
  const [isRemoving, setRemoving] = useState(false);
  const beginning = useAct();
  const begin = async (): Promise<void> => {
    const { secret, url } = await ofFactors(client.post('users.enableTotp'));
    const { svg } = await client.get('users.totpQrCode');
    setWaiting({ secret, url, svg });
  };
  return (
    <Panel
      title={words.say('appTitle')}
      about={words.say('appAbout')}
      actions={
        <>
          <State isOn={hasApp} />
          {hasApp ? (
            <Button kind="secondary-danger" onClick={() => setRemoving(true)}>
              {words.say('appRemove')}
            </Button>
          ) : (
            <Button busy={beginning.isBusy} onClick={() => void beginning.run(begin)}>
              {words.say('appBegin')}
            </Button>
          )}
        </>
      }
    >
      {beginning.mistake === undefined ? null : <Callout kind="danger">{beginning.mistake.text}</Callout>}
      {waiting === undefined ? null : (
        <AppSetUp
          {...waiting}
          onClose={() => setWaiting(undefined)}
          onCode={async (code) => {
            const { codes } = await ofFactors(client.post('users.validateTotp', { code }));
            setWaiting(undefined);
            announce(words.say('appOn'));
            await onChanged(codes);
          }}
        />
      )}
      {isRemoving ? (
        <CodeDialog
          title={words.say('appRemoveTitle')}
          about={words.say('appRemoveText')}
          doIt={words.say('appRemove')}
          onClose={() => setRemoving(false)}
          onCode={async (code) => {
            await ofFactors(client.post('users.disableTotp', { code }));
            announce(words.say('appRemoved'));
            await onChanged();
          }}
        />
      ) : null}
    </Panel>
  );
}
