import { Dialog } from '../../parts/dialog.tsx';
import { DialogButtons } from '../../parts/dialog-buttons.tsx';
import { Field } from '../../parts/field.tsx';
import { Form } from '../../parts/form.tsx';
import { security as words } from '../../words/security.ts';

interface Props {
  readonly title: string;
  /** What will happen. */
  readonly about: string;
  readonly doIt: string;
  /** @throws what the form explains */
  readonly onCode: (code: string) => Promise<void>;
  readonly onClose: () => void;
}

/** Asks for a code before something that only whoever has one may do. */
export function CodeDialog({ title, about, doIt, onCode, onClose }: Props) {
  return (
    <Dialog title={title} onClose={onClose}>
      <p>{about}</p>
      <Form
        onSubmit={async ({ code = '' }) => {
          await onCode(code.replaceAll(/\s/gu, ''));
          onClose();
        }}
      >
        {(act) => (
          <>
            <Field
              label={words.say('codeOf')}
              name="code"
              required
              autoFocus
              dir="ltr"
              autocomplete="one-time-code"
              autocapitalize="none"
              spellcheck={false}
            />
            <DialogButtons kind="danger" doIt={doIt} busy={act.isBusy} onClose={onClose} />
          </>
        )}
      </Form>
    </Dialog>
  );
}
