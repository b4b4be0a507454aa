import { sha256Hex } from '../../../src/client/index.ts';
import { client } from '../../client.ts';
import { announce } from '../../parts/announce.tsx';
import { Button } from '../../parts/button.tsx';
import { Callout } from '../../parts/callout.tsx';
import { Field, PasswordField } from '../../parts/field.tsx';
import { Form } from '../../parts/form.tsx';
import { Panel } from '../../parts/panel.tsx';
import { Tag } from '../../parts/tag.tsx';
import { useAct } from '../../parts/use-act.ts';
import { usePerson } from '../../person.ts';
import type { PublicSettings } from '../../public-settings.ts';
import { profile as words } from '../../words/profile.ts';
import { refusedBeside } from './refused-beside.ts';

/** Where mails go. Another address asks for the second factor, and is told to the one before. */
export function Addresses({ settings }: { readonly settings: PublicSettings }) {
  const { me, refresh } = usePerson();
  const mayChange =
    settings['Accounts_AllowUserProfileChange'] === true && settings['Accounts_AllowEmailChange'] === true;
  // Where second factors are switched off the call takes the password itself.
  const asksPassword =
    settings['Accounts_TwoFactorAuthentication_Enabled'] !== true && me.services?.password?.exists === true;
  return (
    <Panel title={words.say('email')} about={words.say('emailAbout')}>
      {me.emails === undefined || me.emails.length === 0 ? (
        <p class="quiet">{words.say('emailNone')}</p>
      ) : (
        <ul class="addresses">
          {me.emails.map(({ address, verified }) => (
            <li key={address} class="addresses__one">
              <span class="addresses__text" dir="ltr">
                {address}
              </span>
              <Tag kind={verified ? 'primary' : 'warning'}>{words.say(verified ? 'verified' : 'notVerified')}</Tag>
              {verified ? null : <MailAgain address={address} />}
            </li>
          ))}
        </ul>
      )}
      {mayChange ? (
        <Form
          label={words.say('email')}
          onSubmit={async ({ email = '', currentPassword = '' }) => {
            const shown = currentPassword === '' ? {} : { currentPassword: await sha256Hex(currentPassword) };
            await refusedBeside(client.post('users.updateOwnBasicInfo', { data: { email: email.trim(), ...shown } }));
            announce(words.say('emailSaved', { address: email.trim() }));
            await refresh();
          }}
        >
          {(act) => (
            <>
              <Field
                label={words.say('emailNew')}
                name="email"
                type="email"
                required
                autocomplete="email"
                autocapitalize="none"
                spellcheck={false}
                dir="ltr"
                hint={words.say('emailHint')}
              />
              {asksPassword ? (
                <PasswordField
                  label={words.say('currentPassword')}
                  name="currentPassword"
                  required
                  autocomplete="current-password"
                />
              ) : null}
              <div class="buttons">
                <Button type="submit" busy={act.isBusy}>
                  {words.say('emailChange')}
                </Button>
              </div>
            </>
          )}
        </Form>
      ) : (
        <p class="quiet">{words.say('fixed')}</p>
      )}
    </Panel>
  );
}

/** Mails the link again that verifies an address. */
function MailAgain({ address }: { readonly address: string }) {
  const act = useAct();
  return (
    <>
      <Button
        small
        icon="mail"
        busy={act.isBusy}
        onClick={() =>
          void act.run(async () => {
            await client.post('users.sendConfirmationEmail', { email: address });
            announce(words.say('mailed', { address }));
          })
        }
      >
        {words.say('mailAgain')}
      </Button>
      {act.mistake === undefined ? null : <Callout kind="danger">{act.mistake.text}</Callout>}
    </>
  );
}
