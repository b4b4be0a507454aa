import type { JoinedIdentity } from '../../../src/client/index.ts';
import { client } from '../../client.ts';
import { announce } from '../../parts/announce.tsx';
import { Dialog } from '../../parts/dialog.tsx';
import { DialogButtons } from '../../parts/dialog-buttons.tsx';
import { Form } from '../../parts/form.tsx';
import { retold } from '../../retold.ts';
import { providerText } from '../../ways.ts';
import { identities as words } from '../../words/identities.ts';
import { OwnProof, ownProof, useAsksPassword } from './own-proof.tsx';

interface Props {
  readonly identity: JoinedIdentity;
  readonly onDone: () => void;
  readonly onClose: () => void;
}

/** Asks before an identity is parted from the account. */
export function Unlink({ identity: { provider, subject }, onDone, onClose }: Props) {
  const asksPassword = useAsksPassword();
  return (
    <Dialog title={words.say('unlinkTitle', { name: providerText(provider) })} onClose={onClose}>
      <p>{words.say('unlinkText')}</p>
      <Form
        onSubmit={async (values) => {
          await retold(
            client.post('identities.unlink', { provider, subject, ...(await ownProof(values)) }),
            {
              'error-identity-last-way-in': ['', 'lastWayIn'],
              'error-sign-in-not-fresh': ['', 'notFresh'],
              'error-invalid-password': ['currentPassword', 'passwordWrong'],
            },
            words.say,
          );
          announce(words.say('unlinked'));
          onDone();
          onClose();
        }}
      >
        {(act) => (
          <>
            {asksPassword === true ? <OwnProof /> : null}
            <DialogButtons kind="danger" doIt={words.say('unlink')} busy={act.isBusy} onClose={onClose} />
          </>
        )}
      </Form>
    </Dialog>
  );
}
