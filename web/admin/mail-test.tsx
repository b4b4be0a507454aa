import { useState } from 'preact/hooks';
import { ClientError } from '../../src/client/index.ts';
import { client } from '../client.ts';
import { FieldMistake } from '../explain.ts';
import { Button } from '../parts/button.tsx';
import { Callout } from '../parts/callout.tsx';
import { Field } from '../parts/field.tsx';
import { Form } from '../parts/form.tsx';
import { Panel } from '../parts/panel.tsx';
import { usePerson } from '../person.ts';
import { mail as words } from '../words/mail.ts';

/** Sends a mail at once, and tells what the mail server said. */
export function MailTest({ onSent }: { readonly onSent: () => void }) {
  const { me } = usePerson();
  const [sentTo, setSentTo] = useState<string | undefined>(undefined);
  return (
    <Panel title={words.say('test')} about={words.say('testAbout')}>
      {sentTo === undefined ? null : <Callout kind="success">{words.say('testSent', { to: sentTo })}</Callout>}
      <Form
        label={words.say('test')}
        onSubmit={async ({ to = '' }) => {
          setSentTo(undefined);
          try {
            const answer = await client.post('mails.test', { to: to.trim() });
            setSentTo(answer.to);
            onSent();
          } catch (cause) {
            if (cause instanceof ClientError && cause.code === 'error-invalid-email') {
              throw new FieldMistake('to', words.say('noAddress'));
            }
            throw cause;
          }
        }}
      >
        {(act) => (
          <div class="mail__test">
            <Field
              label={words.say('testTo')}
              name="to"
              type="email"
              required
              dir="ltr"
              autocomplete="email"
              defaultValue={me.emails?.[0]?.address ?? ''}
            />
            <Button type="submit" kind="primary" busy={act.isBusy}>
              {words.say('testSend')}
            </Button>
          </div>
        )}
      </Form>
    </Panel>
  );
}
