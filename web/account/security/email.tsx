import { useState } from 'preact/hooks';
import { client } from '../../client.ts';
import { announce } from '../../parts/announce.tsx';
import { Button } from '../../parts/button.tsx';
import { Confirm } from '../../parts/dialog.tsx';
import { Panel } from '../../parts/panel.tsx';
import { usePerson } from '../../person.ts';
import { security as words } from '../../words/security.ts';
import { ofFactors } from './factor-refusals.ts';
import { State } from './state.tsx';

/** Codes by e-mail, on or off. */
export function EmailPanel({ onChanged }: { readonly onChanged: () => Promise<void> }) {
  const { me } = usePerson();
  const [isAsking, setAsking] = useState(false);
  const isOn = me.services?.email2fa?.enabled === true;
  const address = me.emails?.find(({ verified }) => verified)?.address;
  const canTurn = isOn || address !== undefined;
  return (
    <Panel
      title={words.say('emailTitle')}
      about={words.say('emailAbout')}
      actions={
        <>
          <State isOn={isOn} />
          {canTurn ? (
            <Button kind={isOn ? 'secondary-danger' : 'secondary'} onClick={() => setAsking(true)}>
              {words.say(isOn ? 'emailOff' : 'emailOn')}
            </Button>
          ) : null}
        </>
      }
    >
      {canTurn ? null : <p class="quiet">{words.say('emailNeeds')}</p>}
      {isAsking ? (
        <Confirm
          title={words.say(isOn ? 'emailOffTitle' : 'emailOnTitle')}
          doIt={words.say(isOn ? 'emailOff' : 'emailOn')}
          onClose={() => setAsking(false)}
          onConfirm={async () => {
            await ofFactors(isOn ? client.post('users.2fa.disableEmail') : client.post('users.2fa.enableEmail'));
            announce(words.say(isOn ? 'emailTurnedOff' : 'emailTurnedOn'));
            await onChanged();
          }}
        >
          <p>{isOn ? words.say('emailOffText') : words.say('emailOnText', { address: address ?? '' })}</p>
        </Confirm>
      ) : null}
    </Panel>
  );
}
