import type { Passkey } from '../../../src/client/index.ts';
import { client } from '../../client.ts';
import { FieldMistake } from '../../explain.ts';
import { announce } from '../../parts/announce.tsx';
import { Dialog } from '../../parts/dialog.tsx';
import { DialogButtons } from '../../parts/dialog-buttons.tsx';
import { Field } from '../../parts/field.tsx';
import { Form } from '../../parts/form.tsx';
import { makePasskey } from '../../passkey.ts';
import { security as words } from '../../words/security.ts';
import { shared } from '../../words/shared.ts';
import { ofFactors } from './factor-refusals.ts';

/** Asks what a new passkey shall be called, and has the person make it. */
export function AddPasskey({
  onAdded,
  onClose,
}: {
  readonly onAdded: (codes?: readonly string[]) => Promise<void>;
  readonly onClose: () => void;
}) {
  return (
    <NameDialog
      title={words.say('passkeyAdd')}
      doIt={words.say('passkeyMake')}
      onClose={onClose}
      onName={async (name) => {
        const { options } = await ofFactors(client.post('passkeys.begin'));
        const credential = await makePasskey(options);
        if (credential === undefined) throw new FieldMistake('', words.say('passkeyGivenUp'));
        const { codes } = await ofFactors(client.post('passkeys.add', { name, credential }));
        announce(words.say('passkeyAdded'));
        onClose();
        await onAdded(codes);
      }}
    />
  );
}

/** Asks for another name. */
export function RenamePasskey({
  passkey: { id, name: before },
  onRenamed,
  onClose,
}: {
  readonly passkey: Passkey;
  readonly onRenamed: () => Promise<void>;
  readonly onClose: () => void;
}) {
  return (
    <NameDialog
      title={words.say('passkeyRenameLabel', { name: before })}
      doIt={shared.say('save')}
      before={before}
      onClose={onClose}
      onName={async (name) => {
        await client.post('passkeys.rename', { id, name });
        announce(words.say('passkeyRenamed'));
        onClose();
        await onRenamed();
      }}
    />
  );
}

interface Props {
  readonly title: string;
  readonly doIt: string;
  readonly before?: string;
  /** @throws what the form explains */
  readonly onName: (name: string) => Promise<void>;
  readonly onClose: () => void;
}

function NameDialog({ title, doIt, before = '', onName, onClose }: Props) {
  return (
    <Dialog title={title} onClose={onClose}>
      <Form onSubmit={async ({ name = '' }) => await onName(name.trim())}>
        {(act) => (
          <>
            <Field
              label={words.say('passkeyName')}
              name="name"
              required
              autoFocus
              maxLength={64}
              autocomplete="off"
              defaultValue={before}
              hint={words.say('passkeyNameHint')}
            />
            <DialogButtons kind="primary" doIt={doIt} busy={act.isBusy} onClose={onClose} />
          </>
        )}
      </Form>
    </Dialog>
  );
}
