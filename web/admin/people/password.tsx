import { useState } from 'preact/hooks';
import { client } from '../../client.ts';
import { announce } from '../../parts/announce.tsx';
import { Button } from '../../parts/button.tsx';
import { Confirm, Dialog } from '../../parts/dialog.tsx';
import { DialogButtons } from '../../parts/dialog-buttons.tsx';
import { CheckField } from '../../parts/field.tsx';
import { Form } from '../../parts/form.tsx';
import { NewPassword, withNewPassword } from '../../parts/new-password.tsx';
import { Panel } from '../../parts/panel.tsx';
import { Tag } from '../../parts/tag.tsx';
import { usePerson } from '../../person.ts';
import { people as words } from '../../words/people.ts';
import type { RankedPerson } from './one-person.ts';
import { judged } from './refusals.ts';
import { nameOf } from './state.tsx';

/** The password of somebody else: they choose another by a mailed link, or one is set for them. */
export function PersonPassword({ user, ways, isAbove, reload }: RankedPerson) {
  const { may } = usePerson();
  const [asked, setAsked] = useState<'link' | 'set' | undefined>(undefined);
  const name = nameOf(user);
  const [address] = user.emails ?? [];
  const maySet = may('edit-other-user-password') && may('edit-other-user-info') && !isAbove;
  const done = (text: string): void => {
    announce(text);
    reload();
  };
  return (
    <Panel
      title={words.say('password')}
      actions={
        maySet ? (
          <>
            {address === undefined ? null : <Button onClick={() => setAsked('link')}>{words.say('mailLink')}</Button>}
            <Button onClick={() => setAsked('set')}>{words.say('setPassword')}</Button>
          </>
        ) : undefined
      }
    >
      <p class="state">
        {ways === undefined ? null : <span>{words.say(ways.password ? 'hasPassword' : 'hasNoPassword')}</span>}
        {user.requirePasswordChange === true ? <Tag kind="warning">{words.say('changeDue')}</Tag> : null}
      </p>
      {asked === 'link' && address !== undefined ? (
        <Confirm
          title={words.say('mailLinkTitle', { name })}
          doIt={words.say('mailLink')}
          onConfirm={async () => {
            await judged(client.post('users.update', { userId: user._id, data: { setRandomPassword: true } }));
            done(words.say('linkMailed', { address: address.address }));
          }}
          onClose={() => setAsked(undefined)}
        >
          <p>{words.say('mailLinkText', { address: address.address })}</p>
        </Confirm>
      ) : null}
      {asked === 'set' ? (
        <Dialog title={words.say('setPasswordTitle', { name })} onClose={() => setAsked(undefined)}>
          <p>{words.say('setPasswordText')}</p>
          <Form
            label={words.say('setPassword')}
            onSubmit={async (values) => {
              const requirePasswordChange = values['mustChange'] === 'on';
              await judged(
                withNewPassword(
                  values,
                  'password',
                  async (password) =>
                    await client.post('users.update', {
                      userId: user._id,
                      data: { password, requirePasswordChange },
                    }),
                ),
              );
              setAsked(undefined);
              done(words.say('passwordSet'));
            }}
          >
            {(act) => (
              <>
                <NewPassword name="password" autoFocus about={[user.username, user.name, address?.address]} />
                <CheckField label={words.say('mustChange')} name="mustChange" defaultChecked />
                <DialogButtons
                  kind="danger"
                  doIt={words.say('setPassword')}
                  busy={act.isBusy}
                  onClose={() => setAsked(undefined)}
                />
              </>
            )}
          </Form>
        </Dialog>
      ) : null}
    </Panel>
  );
}
