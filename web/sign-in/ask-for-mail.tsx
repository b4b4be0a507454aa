import { useState } from 'preact/hooks';
import { FieldMistake } from '../explain.ts';
import { Button } from '../parts/button.tsx';
import { Callout } from '../parts/callout.tsx';
import { Field } from '../parts/field.tsx';
import { Form } from '../parts/form.tsx';
import { useCountdown } from '../parts/use-countdown.ts';
import { recovery as words } from '../words/recovery.ts';
import { isEmail, withinText } from './email.ts';

const pauseSeconds = 60;

interface Props {
  /** Asks the server for the mail; it does not say whether anybody has the address. */
  readonly ask: (email: string) => Promise<unknown>;
  readonly submit: string;
  /** What is said afterwards, the same for every address. */
  readonly sent: 'forgotSent' | 'newLinkSent';
  /** Whether one begins to type here when the page opens. */
  readonly takesFocus?: boolean;
}

/** Takes an address and has a mail sent there; to the same one not again for a minute. */
export function AskForMail({ ask, submit, sent, takesFocus = false }: Props) {
  const [left, begin] = useCountdown();
  const [sentTo, setSentTo] = useState<string | undefined>(undefined);
  const [typed, setTyped] = useState('');
  const isSame = sentTo !== undefined && typed.trim() === sentTo;
  const waits = isSame && left > 0;
  return (
    <Form
      onSubmit={async ({ email = '' }) => {
        const address = email.trim();
        if (!isEmail(address)) throw new FieldMistake('email', words.say('emailInvalid'));
        if (waits) return;
        setSentTo(undefined);
        await ask(address);
        setSentTo(address);
        begin(pauseSeconds);
      }}
    >
      {(act) => (
        <>
          {sentTo === undefined ? null : (
            <Callout kind="success">{words.say(sent, { email: withinText(sentTo) })}</Callout>
          )}
          <Field
            label={words.say('email')}
            name="email"
            type="email"
            required
            autoFocus={takesFocus}
            dir="ltr"
            autocomplete="email"
            onInput={({ currentTarget }) => setTyped(currentTarget.value)}
          />
          <Button type="submit" kind="primary" class="wide" busy={act.isBusy} disabled={waits}>
            {waits ? words.say('sendAgainIn', { count: left }) : isSame ? words.say('sendAgain') : submit}
          </Button>
        </>
      )}
    </Form>
  );
}
