import { useState } from 'preact/hooks';
import { ClientError, sha256Hex } from '../../../src/client/index.ts';
import { client } from '../../client.ts';
import { FieldMistake } from '../../explain.ts';
import { announce } from '../../parts/announce.tsx';
import { Button } from '../../parts/button.tsx';
import { CheckField, PasswordField } from '../../parts/field.tsx';
import { Form } from '../../parts/form.tsx';
import { NewPassword, withNewPassword } from '../../parts/new-password.tsx';
import { Panel } from '../../parts/panel.tsx';
import { passwordRules } from '../../parts/password-policy.ts';
import { Shown } from '../../parts/states.tsx';
import { useLoaded } from '../../parts/use-loaded.ts';
import { usePerson } from '../../person.ts';
import { type PublicSettings, publicSettings } from '../../public-settings.ts';
import { ownPassword as words } from '../../words/own-password.ts';

const wanted = [
  'Accounts_AllowUserProfileChange',
  'Accounts_AllowPasswordChange',
  'Accounts_AllowPasswordChangeForOAuthUsers',
  'Accounts_TwoFactorAuthentication_Enabled',
];

/**
 * Changes one's own password, or sets a first one; whoever must not is told why, and where theirs is changed. The screen
 * brings the words `ownPassword` and `newPassword`.
 */
export function OwnPassword() {
  const { me } = usePerson();
  const hasOne = me.services?.password?.exists === true;
  const loaded = useLoaded(async () => {
    const [settings, { identities }] = await Promise.all([
      publicSettings(wanted),
      client.get('identities.list'),
      // So that the form is as high at once as it stays; without them it can be shown all the same.
      passwordRules().catch(() => undefined),
    ]);
    return { settings, isInDirectory: identities.some(({ provider }) => provider === 'ldap') };
  });
  return (
    <Shown of={loaded} lines={4}>
      {({ settings, isInDirectory }) => {
        const why = whyNot(settings, hasOne, isInDirectory);
        return (
          <Panel title={words.say('title')} about={words.say(why ?? (hasOne ? 'about' : 'aboutFirst'))}>
            {why === undefined ? <Change settings={settings} hasOne={hasOne} /> : null}
            {why === undefined && isInDirectory ? <p class="quiet">{words.say('directoryToo')}</p> : null}
          </Panel>
        );
      }}
    </Shown>
  );
}

/** Why somebody may not choose a password; undefined where they may. */
function whyNot(settings: PublicSettings, hasOne: boolean, isInDirectory: boolean) {
  if (isInDirectory && !hasOne) return 'directory';
  if (settings['Accounts_AllowUserProfileChange'] !== true || settings['Accounts_AllowPasswordChange'] !== true) {
    return 'fixed';
  }
  return hasOne || settings['Accounts_AllowPasswordChangeForOAuthUsers'] === true ? undefined : 'elsewhere';
}

function Change({ settings, hasOne }: { readonly settings: PublicSettings; readonly hasOne: boolean }) {
  const { me, refresh } = usePerson();
  /** Another form, an empty one, once the password is changed. */
  const [changes, setChanges] = useState(0);
  // Where second factors are switched off the call takes the password itself; else the dialog asks for what there is.
  const asksPassword = hasOne && settings['Accounts_TwoFactorAuthentication_Enabled'] !== true;
  return (
    <Form
      key={changes}
      label={words.say('title')}
      onSubmit={async (values) => {
        const { currentPassword = '', personalTokens } = values;
        await withNewPassword(values, 'password', async (newPassword) => {
          const shown = currentPassword === '' ? {} : { currentPassword: await sha256Hex(currentPassword) };
          await client.post('users.updateOwnBasicInfo', { data: { newPassword, ...shown } }).catch(asBesideField);
        });
        if (personalTokens === 'on') await revokeTokens();
        announce(words.say('done'));
        setChanges(changes + 1);
        await refresh();
      }}
    >
      {(act) => (
        <>
          {/* So that a browser keeps the new password under the right name. */}
          <input type="text" name="username" autocomplete="username" value={me.username ?? ''} readOnly hidden />
          {asksPassword ? (
            <PasswordField
              label={words.say('current')}
              name="currentPassword"
              required
              autocomplete="current-password"
            />
          ) : null}
          <NewPassword name="password" about={[me.username, me.name, ...(me.emails ?? []).map((one) => one.address)]} />
          <CheckField name="personalTokens" label={words.say('tokens')} hint={words.say('tokensHint')} />
          <div class="buttons">
            <Button type="submit" kind="primary" busy={act.isBusy}>
              {words.say(hasOne ? 'change' : 'setFirst')}
            </Button>
          </div>
        </>
      )}
    </Form>
  );
}

/** @throws FieldMistake */
async function revokeTokens(): Promise<void> {
  try {
    await client.post('users.removeOtherTokens', { personalTokens: true });
  } catch {
    throw new FieldMistake('', words.say('tokensFailed'));
  }
}

/** @throws FieldMistake for what is about the current password, else what it was given */
function asBesideField(cause: unknown): never {
  const code = cause instanceof ClientError ? cause.code : '';
  if (code === 'error-invalid-password') throw new FieldMistake('currentPassword', words.say('currentWrong'));
  throw cause;
}
