import { useState } from 'preact/hooks';
import type { OauthApplication } from '../../../src/client/index.ts';
import { Button } from '../../parts/button.tsx';
import { Labelled } from '../../parts/copyable.tsx';
import { Dialog } from '../../parts/dialog.tsx';
import { applications as words } from '../../words/applications.ts';
import { shared } from '../../words/shared.ts';

/** What a program needs to show which one it is. The secret is shown when it is asked for. */
export function Keys({
  application: { name, clientId, clientSecret, publicClient = false },
  onClose,
}: {
  readonly application: OauthApplication;
  readonly onClose: () => void;
}) {
  const [isShown, show] = useState(false);
  return (
    <Dialog title={words.say('keysTitle', { name })} wide onClose={onClose}>
      <p>{words.say(publicClient ? 'publicText' : 'keysText')}</p>
      <Labelled name={words.say('clientId')} text={clientId} />
      {publicClient ? null : isShown ? (
        <Labelled name={words.say('clientSecret')} text={clientSecret} />
      ) : (
        <div class="labelled">
          <p class="fixed__label">{words.say('clientSecret')}</p>
          <div class="buttons">
            <Button icon="eye" onClick={() => show(true)}>
              {words.say('showSecret')}
            </Button>
          </div>
        </div>
      )}
      <div class="buttons buttons--end">
        <Button onClick={onClose}>{shared.say('close')}</Button>
      </div>
    </Dialog>
  );
}
