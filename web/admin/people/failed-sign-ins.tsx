import { useState } from 'preact/hooks';
import { client } from '../../client.ts';
import { announce } from '../../parts/announce.tsx';
import { Button } from '../../parts/button.tsx';
import { Confirm } from '../../parts/dialog.tsx';
import { Panel } from '../../parts/panel.tsx';
import { people as words } from '../../words/people.ts';
import type { RankedPerson } from './one-person.ts';
import { judged } from './refusals.ts';
import { nameOf } from './state.tsx';

/** Forgets failed sign-ins, so that who is blocked can try again at once. */
export function FailedSignIns({ user }: RankedPerson) {
  const [isAsked, ask] = useState(false);
  return (
    <Panel
      title={words.say('failed')}
      about={words.say('failedAbout')}
      actions={<Button onClick={() => ask(true)}>{words.say('forget')}</Button>}
    >
      {isAsked ? (
        <Confirm
          title={words.say('forgetTitle', { name: nameOf(user) })}
          doIt={words.say('forget')}
          kind="primary"
          onConfirm={async () => {
            const { cleared, wrongCodes } = await judged(client.post('blocks.clear', { userId: user._id }));
            const told = [
              ...(cleared === 0 && wrongCodes > 0 ? [] : [forgotten(cleared)]),
              ...(wrongCodes === 0 ? [] : [words.say('forgotCodes', { count: wrongCodes })]),
            ];
            announce(told.join(' '));
          }}
          onClose={() => ask(false)}
        >
          <p>{words.say('forgetText')}</p>
        </Confirm>
      ) : null}
    </Panel>
  );
}

function forgotten(count: number): string {
  return count === 0 ? words.say('forgotNone') : words.say('forgot', { count });
}
