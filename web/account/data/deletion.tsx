import { useState } from 'preact/hooks';
import { ClientError, sha256Hex } from '../../../src/client/index.ts';
import { pageAt } from '../../address.ts';
import { client } from '../../client.ts';
import { FieldMistake } from '../../explain.ts';
import { Button } from '../../parts/button.tsx';
import { Dialog } from '../../parts/dialog.tsx';
import { DialogButtons } from '../../parts/dialog-buttons.tsx';
import { Field, PasswordField } from '../../parts/field.tsx';
import { Form } from '../../parts/form.tsx';
import { Panel } from '../../parts/panel.tsx';
import { usePerson } from '../../person.ts';
import { data as words } from '../../words/data.ts';
import { shared } from '../../words/shared.ts';

const whatGoes = ['goesProfile', 'goesSessions', 'goesTokens', 'goesFactors', 'goesIdentities'] as const;

/** The end of one's account, where the settings let people. */
export function Deletion({ isAllowed }: { readonly isAllowed: boolean }) {
  const [step, setStep] = useState<'idle' | 'asked' | 'done'>('idle');
  if (!isAllowed) return <Panel title={words.say('delete')} about={words.say('deleteFixed')} />;
  return (
    <Panel title={words.say('delete')} about={words.say('deleteAbout')}>
      <div class="buttons">
        <Button kind="secondary-danger" onClick={() => setStep('asked')}>
          {words.say('deleteAsk')}
        </Button>
      </div>
      {step === 'asked' ? <Ask onClose={() => setStep('idle')} onDone={() => setStep('done')} /> : null}
      {step === 'done' ? (
        <Dialog title={words.say('deletedTitle')} onClose={leave}>
          <p>{words.say('deletedText')}</p>
          <div class="buttons buttons--end">
            <Button kind="primary" onClick={leave}>
              {shared.say('toStart')}
            </Button>
          </div>
        </Dialog>
      ) : null}
    </Panel>
  );
}

function leave(): void {
  location.assign(pageAt('/'));
}

/** Says what goes, and asks who says so. */
function Ask({ onClose, onDone }: { readonly onClose: () => void; readonly onDone: () => void }) {
  const { me } = usePerson();
  const hasPassword = me.services?.password?.exists === true;
  return (
    <Dialog title={words.say('deleteTitle')} onClose={onClose}>
      <p>{words.say('deleteWhat')}</p>
      <ul>
        {whatGoes.map((one) => (
          <li key={one}>{words.say(one)}</li>
        ))}
      </ul>
      <p>{words.say('deleteStays')}</p>
      <Form
        label={words.say('deleteTitle')}
        onSubmit={async ({ shown = '' }) => {
          try {
            await client.post('users.deleteOwnAccount', {
              password: await sha256Hex(hasPassword ? shown : shown.trim()),
            });
          } catch (cause) {
            throw beside(cause);
          }
          onDone();
        }}
      >
        {(act) => (
          <>
            {hasPassword ? (
              <PasswordField
                label={words.say('password')}
                name="shown"
                required
                autoFocus
                autocomplete="current-password"
              />
            ) : (
              <Field
                label={words.say('username')}
                name="shown"
                required
                autoFocus
                autocomplete="off"
                autocapitalize="none"
                spellcheck={false}
                dir="ltr"
                hint={words.say('usernameHint', { username: me.username ?? '' })}
              />
            )}
            <DialogButtons kind="danger" doIt={words.say('deleteDo')} busy={act.isBusy} onClose={onClose} />
          </>
        )}
      </Form>
    </Dialog>
  );
}

function beside(cause: unknown): unknown {
  if (!(cause instanceof ClientError)) return cause;
  switch (cause.code) {
    case 'error-invalid-password':
      return new FieldMistake('shown', words.say('passwordWrong'));
    case 'error-invalid-username':
      return new FieldMistake('shown', words.say('usernameWrong'));
    case 'error-action-not-allowed':
      return new FieldMistake('', words.say('lastAdministrator'));
    default:
      return cause;
  }
}
