import { useState } from 'preact/hooks';
import { ClientError } from '../../../src/client/index.ts';
import { client } from '../../client.ts';
import { FieldMistake } from '../../explain.ts';
import { Button } from '../../parts/button.tsx';
import { Callout } from '../../parts/callout.tsx';
import { Copyable } from '../../parts/copyable.tsx';
import { Dialog } from '../../parts/dialog.tsx';
import { DialogButtons } from '../../parts/dialog-buttons.tsx';
import { PasswordField } from '../../parts/field.tsx';
import { Form } from '../../parts/form.tsx';
import { Panel } from '../../parts/panel.tsx';
import { people as words } from '../../words/people.ts';
import { shared } from '../../words/shared.ts';
import type { RankedPerson } from './one-person.ts';
import { judged } from './refusals.ts';
import { nameOf } from './state.tsx';

/** A token with which somebody, or a program in their place, is signed in; where the operator has opened this. */
export function TokenMaking({ user }: RankedPerson) {
  const [isAsked, ask] = useState(false);
  const [made, setMade] = useState<string | undefined>(undefined);
  const close = (): void => {
    ask(false);
    setMade(undefined);
  };
  const name = nameOf(user);
  return (
    <Panel
      title={words.say('token')}
      about={words.say('tokenAbout')}
      actions={<Button onClick={() => ask(true)}>{words.say('makeToken')}</Button>}
    >
      {isAsked ? (
        <Dialog title={words.say('makeTokenTitle', { name })} onClose={close}>
          {made === undefined ? (
            <>
              <p>{words.say('makeTokenText', { name })}</p>
              <Form
                label={words.say('makeToken')}
                onSubmit={async ({ secret = '' }) => {
                  const asked = { userId: user._id, ...(secret === '' ? {} : { secret }) };
                  const { data } = await judged(secretAsked(client.post('users.createToken', asked)));
                  setMade(data.authToken);
                }}
              >
                {(act) => (
                  <>
                    <PasswordField
                      label={words.say('secret')}
                      name="secret"
                      autocomplete="off"
                      hint={words.say('secretHint')}
                    />
                    <DialogButtons kind="primary" doIt={words.say('makeToken')} busy={act.isBusy} onClose={close} />
                  </>
                )}
              </Form>
            </>
          ) : (
            <>
              <Callout kind="success" title={words.say('tokenMade')}>
                <p>{words.say('tokenMadeText')}</p>
              </Callout>
              <Copyable text={made} label={words.say('token')} />
              <div class="buttons buttons--end">
                <Button kind="primary" onClick={close}>
                  {shared.say('close')}
                </Button>
              </div>
            </>
          )}
        </Dialog>
      ) : null}
    </Panel>
  );
}

/** A secret that is missing is told by the name of the member alone. */
async function secretAsked<T>(call: Promise<T>): Promise<T> {
  try {
    return await call;
  } catch (cause) {
    if (cause instanceof ClientError && cause.message.includes("'secret'")) {
      throw new FieldMistake('secret', words.say('secretMissing'));
    }
    throw cause;
  }
}
