import { FieldMistake } from '../explain.ts';
import { canUsePasskeys, showPasskey } from '../passkey.ts';
import { shared } from '../words/shared.ts';
import { Button } from './button.tsx';
import { Field, PasswordField } from './field.tsx';
import { Form } from './form.tsx';
import { Resend } from './resend.tsx';
import { useAct } from './use-act.ts';

const asking = {
  totp: { told: 'factorApp', use: 'factorUseApp' },
  email: { told: 'factorEmail', use: 'factorUseEmail' },
  passkey: { told: 'factorPasskey', use: 'factorUsePasskey' },
  password: { told: 'factorPassword', use: 'factorUsePassword' },
} as const;

type Method = keyof typeof asking;

/** What is asked for, and what else would do. */
export interface AskedFactor {
  readonly method: string;
  readonly availableMethods: unknown;
  /** What a passkey is shown with. */
  readonly options: unknown;
}

interface FormProps {
  readonly asked: AskedFactor;
  /** What was entered before was not right. */
  readonly isWrong: boolean;
  /** Mails a fresh code; undefined where the server says not to whom. */
  readonly resend: (() => Promise<void>) | undefined;
  /** Asks for another factor: a code is mailed, or the options of a passkey come. */
  readonly onOther: (method: string) => Promise<void>;
  /** @throws what the form explains */
  readonly onCode: (method: string, code: string | object) => Promise<void>;
}

/** The form for a second factor, in the dialog and on the page of a sign-in that waits for one. */
export function FactorForm({ asked, isWrong, resend, onOther, onCode }: FormProps) {
  const methods = methodsOf(asked);
  const [method = 'totp'] = methods;
  const { options } = asked;
  const change = useAct();
  const mistake = isWrong ? shared.say('factorWrong') : undefined;
  return (
    <>
      <p>{shared.say(asking[method].told)}</p>
      <Form
        key={method}
        onSubmit={async ({ code = '' }) => {
          if (method !== 'passkey') {
            await onCode(method, code);
            return;
          }
          const shown = isObject(options) ? await showPasskey(options) : undefined;
          if (shown === undefined) throw new FieldMistake('passkey', shared.say('factorPasskeyFailed'));
          await onCode('passkey', shown);
        }}
      >
        {(act) => (
          <>
            {method === 'passkey' ? (
              <PasskeyMistake text={act.mistake?.field === 'passkey' ? act.mistake.text : mistake} />
            ) : method === 'password' ? (
              <PasswordField
                label={shared.say('factorPasswordField')}
                name="code"
                required
                autoFocus
                autocomplete="current-password"
                mistake={mistake}
              />
            ) : (
              <Field
                label={shared.say('factorCode')}
                name="code"
                required
                autoFocus
                dir="ltr"
                autocomplete="one-time-code"
                spellcheck={false}
                mistake={mistake}
              />
            )}
            <div class="buttons">
              <Button type="submit" kind="primary" busy={act.isBusy} autoFocus={method === 'passkey'}>
                {shared.say(method === 'passkey' ? 'factorUsePasskey' : 'factorSubmit')}
              </Button>
              {method === 'email' && resend !== undefined ? <Resend resend={resend} /> : null}
            </div>
          </>
        )}
      </Form>
      {methods.length < 2 ? null : (
        <ul class="choices">
          {methods.slice(1).map((other) => (
            <li key={other}>
              <button type="button" class="link" onClick={() => void change.run(async () => await onOther(other))}>
                {shared.say(asking[other].use)}
              </button>
            </li>
          ))}
        </ul>
      )}
      {change.mistake === undefined ? null : <p role="alert">{change.mistake.text}</p>}
    </>
  );
}

function PasskeyMistake({ text }: { readonly text: string | undefined }) {
  return text === undefined ? null : (
    <p class="rcx-box rcx-box--full rcx-field__error" role="alert">
      {text}
    </p>
  );
}

/** The ways to answer that this browser has, the one that is asked for first. */
function methodsOf({ method, availableMethods, options }: AskedFactor): readonly Method[] {
  const others: readonly unknown[] = Array.isArray(availableMethods) ? availableMethods : [];
  const known = [...new Set([method, ...others])].filter(
    (one): one is Method => typeof one === 'string' && Object.hasOwn(asking, one),
  );
  const usable = known.filter((one) => one !== 'passkey' || canUsePasskeys());
  // Without its options a passkey that is asked for cannot be shown.
  return usable[0] === 'passkey' && !isObject(options) ? [...usable.slice(1), 'passkey'] : usable;
}

function isObject(given: unknown): given is object {
  return typeof given === 'object' && given !== null;
}
