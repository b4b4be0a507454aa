import { useState } from 'preact/hooks';
import { client } from '../../client.ts';
import { FieldMistake } from '../../explain.ts';
import { Button } from '../../parts/button.tsx';
import { Callout } from '../../parts/callout.tsx';
import { Field } from '../../parts/field.tsx';
import { Form } from '../../parts/form.tsx';
import { Panel } from '../../parts/panel.tsx';
import { usePerson } from '../../person.ts';
import type { Desk } from '../../settings/desk.ts';
import { SettingsForm } from '../../settings/form.tsx';
import { Setting } from '../../settings/setting.tsx';
import { setup as words } from '../../words/setup.ts';

const ids = [
  'SMTP_Host',
  'SMTP_Port',
  'SMTP_Protocol',
  'SMTP_IgnoreTLS',
  'SMTP_Username',
  'SMTP_Password',
  'From_Email',
];

/** The mail server, and a mail that shows whether it takes any. */
export function MailServer({ desk }: { readonly desk: Desk }) {
  return (
    <div class="panels">
      <Panel title={words.say('mail')} about={words.say('mailText')}>
        <SettingsForm desk={desk} label={words.say('mail')} shown={new Set(ids)}>
          {() => (
            <div class="settings">
              {ids.map((id) => (
                <Setting key={id} desk={desk} id={id} />
              ))}
            </div>
          )}
        </SettingsForm>
      </Panel>
      <TestMail isDirty={desk.changed.length > 0} />
    </div>
  );
}

function TestMail({ isDirty }: { readonly isDirty: boolean }) {
  const { me } = usePerson();
  const [sentTo, setSentTo] = useState<string | undefined>(undefined);
  return (
    <Panel title={words.say('mailTest')}>
      <Form
        label={words.say('mailTest')}
        onSubmit={async ({ to = '' }) => {
          setSentTo(undefined);
          if (to.trim() === '') throw new FieldMistake('to', words.say('mailNoAddress'));
          setSentTo((await client.post('mails.test', { to: to.trim() })).to);
        }}
      >
        {(act) => (
          <>
            <Field
              label={words.say('mailTo')}
              name="to"
              type="email"
              dir="ltr"
              autocomplete="email"
              autocapitalize="none"
              spellcheck={false}
              defaultValue={me.emails?.[0]?.address ?? ''}
            />
            <div class="buttons">
              <Button type="submit" icon="mail" busy={act.isBusy} disabled={isDirty}>
                {words.say('mailTest')}
              </Button>
            </div>
          </>
        )}
      </Form>
      {sentTo === undefined ? null : (
        <Callout kind="success">{words.say('mailSent', { to: `\u2066${sentTo}\u2069` })}</Callout>
      )}
    </Panel>
  );
}
