import { useState } from 'preact/hooks';
import { visitor } from '../client.ts';
import { announce } from '../parts/announce.tsx';
import { Button } from '../parts/button.tsx';
import { Callout } from '../parts/callout.tsx';
import { Field } from '../parts/field.tsx';
import { Form } from '../parts/form.tsx';
import { useCountdown } from '../parts/use-countdown.ts';
import { signIn as words } from '../words/sign-in.ts';

const pauseSeconds = 60;

/** Says that an address waits to be verified, and mails the link again. @param user what was typed to sign in */
export function Unverified({ user }: { readonly user: string }) {
  const [left, begin] = useCountdown();
  const [isSent, setSent] = useState(false);
  return (
    <Callout kind="warning" title={words.say('unverifiedTitle')}>
      <p>{words.say('unverifiedText')}</p>
      <Form
        label={words.say('unverifiedSend')}
        onSubmit={async ({ email = '' }) => {
          await visitor().post('users.sendConfirmationEmail', { email: email.trim() });
          begin(pauseSeconds);
          setSent(true);
          announce(words.say('unverifiedSent'));
        }}
      >
        {(act) => (
          <>
            <Field
              label={words.say('unverifiedAddress')}
              name="email"
              type="email"
              required
              dir="ltr"
              autocomplete="email"
              defaultValue={user.includes('@') ? user : ''}
            />
            <Button type="submit" busy={act.isBusy} disabled={left > 0}>
              {left > 0 ? words.say('unverifiedAgain', { count: left }) : words.say('unverifiedSend')}
            </Button>
            {isSent ? <p>{words.say('unverifiedSent')}</p> : null}
          </>
        )}
      </Form>
    </Callout>
  );
}
