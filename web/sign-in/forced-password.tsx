import { client } from '../client.ts';
import { Button } from '../parts/button.tsx';
import { Form } from '../parts/form.tsx';
import { NewPassword, withNewPassword } from '../parts/new-password.tsx';
import { usePerson } from '../person.ts';
import { duties as words } from '../words/duties.ts';

/** Asks for another password; the sign-in that was just done is the proof for it. */
export function ForcedPassword({ onDone }: { readonly onDone: () => Promise<void> }) {
  const { me } = usePerson();
  const { requirePasswordChangeReason: reason } = me;
  return (
    <>
      <p>{words.say('passwordText')}</p>
      {typeof reason === 'string' && reason !== '' ? <p>{words.say('passwordReason', { reason })}</p> : null}
      <Form
        onSubmit={async (values) => {
          await withNewPassword(values, 'password', async (newPassword) => {
            await client.post('users.updateOwnBasicInfo', { data: { newPassword } });
          });
          await onDone();
        }}
      >
        {(act) => (
          <>
            <input type="text" value={me.username ?? ''} autocomplete="username" hidden readOnly />
            <NewPassword name="password" autoFocus about={[me.username, me.emails?.[0]?.address, me.name]} />
            <Button type="submit" kind="primary" class="wide" busy={act.isBusy}>
              {words.say('passwordSave')}
            </Button>
          </>
        )}
      </Form>
    </>
  );
}
