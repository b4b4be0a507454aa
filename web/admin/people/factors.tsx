import { useState } from 'preact/hooks';
import { client } from '../../client.ts';
import { announce } from '../../parts/announce.tsx';
import { Button } from '../../parts/button.tsx';
import { Confirm } from '../../parts/dialog.tsx';
import { Panel } from '../../parts/panel.tsx';
import { Tag } from '../../parts/tag.tsx';
import { usePerson } from '../../person.ts';
import { people as words } from '../../words/people.ts';
import type { RankedPerson } from './one-person.ts';
import { judged } from './refusals.ts';
import { nameOf } from './state.tsx';

/** The second factors of somebody else: they can only be taken away. */
export function PersonFactors({ user, ways, isAbove, reload }: RankedPerson) {
  const { may } = usePerson();
  const [isAsked, ask] = useState(false);
  const held = [
    ...(ways?.app === true ? [words.say('factorApp')] : []),
    ...(ways?.email === true ? [words.say('factorEmail')] : []),
    ...(ways?.passkey === true ? [words.say(ways.passkeyAlone ? 'factorPasskeyAlone' : 'factorPasskey')] : []),
  ];
  return (
    <Panel
      title={words.say('factors')}
      actions={
        may('edit-other-user-totp') && !isAbove ? (
          <Button kind="secondary-danger" onClick={() => ask(true)}>
            {words.say('resetFactors')}
          </Button>
        ) : undefined
      }
    >
      {ways === undefined ? null : (
        <p class="state">
          {held.length === 0 ? <span class="quiet">{words.say('noFactors')}</span> : null}
          {held.map((one) => (
            <Tag key={one} kind="primary">
              {one}
            </Tag>
          ))}
        </p>
      )}
      {isAsked ? (
        <Confirm
          title={words.say('resetFactorsTitle', { name: nameOf(user) })}
          doIt={words.say('resetFactors')}
          onConfirm={async () => {
            await judged(client.post('users.resetTOTP', { userId: user._id }));
            announce(words.say('factorsReset'));
            reload();
          }}
          onClose={() => ask(false)}
        >
          <p>{words.say('resetFactorsText')}</p>
        </Confirm>
      ) : null}
    </Panel>
  );
}
