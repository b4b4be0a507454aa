import { Copyable } from '../../parts/copyable.tsx';
import { Dialog } from '../../parts/dialog.tsx';
import { DialogButtons } from '../../parts/dialog-buttons.tsx';
import { Field } from '../../parts/field.tsx';
import { Form } from '../../parts/form.tsx';
import { security as words } from '../../words/security.ts';

/** An app that waits for its first code. */
export interface Waiting {
  readonly secret: string;
  /** `otpauth://…` */
  readonly url: string;
  readonly svg: string;
}

interface Props extends Waiting {
  /** @throws what the form explains */
  readonly onCode: (code: string) => Promise<void>;
  readonly onClose: () => void;
}

/** Shows the secret as a picture and as text, and takes the first code. */
export function AppSetUp({ secret, url, svg, onCode, onClose }: Props) {
  return (
    <Dialog wide title={words.say('appSetUp')} onClose={onClose}>
      <div class="scan">
        <img
          class="scan__picture"
          width="200"
          height="200"
          alt={words.say('appPicture')}
          src={`data:image/svg+xml,${encodeURIComponent(svg)}`}
        />
        <div class="scan__text">
          <p>{words.say('appScan')}</p>
          <p>{words.say('appType')}</p>
          <Copyable label={words.say('appKey')} text={secret} />
          {url.startsWith('otpauth://') ? (
            <p>
              <a href={url}>{words.say('appOpen')}</a>
            </p>
          ) : null}
        </div>
      </div>
      <Form onSubmit={async ({ code = '' }) => await onCode(code.replaceAll(/\s/gu, ''))}>
        {(act) => (
          <>
            <Field
              label={words.say('appCode')}
              name="code"
              required
              autoFocus
              dir="ltr"
              inputMode="numeric"
              autocomplete="one-time-code"
              hint={words.say('appCodeHint')}
            />
            <DialogButtons kind="primary" doIt={words.say('appConfirm')} busy={act.isBusy} onClose={onClose} />
          </>
        )}
      </Form>
    </Dialog>
  );
}
