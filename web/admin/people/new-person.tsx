import '../../style/account.css';
import '../../style/profile.css';
import './people.css';
import { useState } from 'preact/hooks';
import { useLocation } from 'preact-iso';
import { pageAt } from '../../address.ts';
import { client } from '../../client.ts';
import { FieldMistake } from '../../explain.ts';
import { announce } from '../../parts/announce.tsx';
import { Button } from '../../parts/button.tsx';
import { CustomFields, customFieldsIn, customValues } from '../../parts/custom-fields.tsx';
import { CheckField, Field, PasswordField, SelectField } from '../../parts/field.tsx';
import { Form } from '../../parts/form.tsx';
import { Panel } from '../../parts/panel.tsx';
import { Shown } from '../../parts/states.tsx';
import { Title } from '../../parts/title.tsx';
import { useLoaded } from '../../parts/use-loaded.ts';
import { publicSettings } from '../../public-settings.ts';
import { people as words } from '../../words/people.ts';
import { shared } from '../../words/shared.ts';
import { judged } from './refusals.ts';
import { RoleChecks, tickedRoles } from './role-checks.tsx';

const settingIds = ['Accounts_CustomFields', 'Accounts_Registration_Users_Default_Roles'];

/** Makes an account for somebody. */
export default function NewPerson() {
  const { route } = useLocation();
  const [access, setAccess] = useState('link');
  const loaded = useLoaded(async () => {
    const [settings, { roles }] = await Promise.all([publicSettings(settingIds), client.get('roles.list')]);
    const usual = settings['Accounts_Registration_Users_Default_Roles'];
    return {
      roles,
      usual: typeof usual === 'string' ? usual.split(',').map((role) => role.trim()) : ['user'],
      fields: customFieldsIn(settings['Accounts_CustomFields']),
    };
  });
  return (
    <>
      <p>
        <a href={pageAt('/admin/users')}>{words.say('back')}</a>
      </p>
      <Title>{words.say('newPerson')}</Title>
      <Shown of={loaded} lines={8}>
        {({ roles, usual, fields }) => (
          <Panel title={words.say('who')}>
            <Form
              label={words.say('newPerson')}
              onSubmit={async (values) => {
                const { username = '', name = '', email = '', password = '' } = values;
                const customs = customValues(fields, values);
                const chosen = tickedRoles(roles, [], values);
                if (chosen.length === 0) throw new FieldMistake('', words.say('rolesNone'));
                const isLink = access === 'link';
                const { user } = await judged(
                  client.post('users.create', {
                    username: username.trim(),
                    name: name.trim(),
                    email: email.trim(),
                    password: isLink ? '' : password,
                    roles: chosen,
                    verified: values['verified'] === 'on',
                    ...(isLink
                      ? { setRandomPassword: true }
                      : {
                          requirePasswordChange: values['mustChange'] === 'on',
                          sendWelcomeEmail: values['welcome'] === 'on',
                        }),
                    ...(fields.length === 0 ? {} : { customFields: customs }),
                  }),
                  username.trim(),
                );
                announce(words.say(isLink ? 'madeWithLink' : 'made', { name: username.trim(), address: email.trim() }));
                route(pageAt(`/admin/users/${encodeURIComponent(user._id)}`));
              }}
            >
              {(act) => (
                <>
                  <div class="pair">
                    <Field label={words.say('name')} name="name" required autocomplete="off" dir="auto" />
                    <Field
                      label={words.say('username')}
                      name="username"
                      required
                      autocomplete="off"
                      autocapitalize="none"
                      spellcheck={false}
                      dir="ltr"
                      hint={words.say('usernameHint')}
                    />
                  </div>
                  <Field
                    label={words.say('email')}
                    name="email"
                    type="email"
                    required
                    autocomplete="off"
                    autocapitalize="none"
                    spellcheck={false}
                    dir="ltr"
                  />
                  <CheckField label={words.say('verified')} name="verified" hint={words.say('verifiedHint')} />
                  <CustomFields fields={fields} />
                  <RoleChecks roles={roles} held={usual} mayGive />
                  <SelectField
                    label={words.say('access')}
                    name="access"
                    value={access}
                    options={[
                      { value: 'link', label: words.say('accessLink') },
                      { value: 'password', label: words.say('accessPassword') },
                    ]}
                    onChange={({ currentTarget }) => setAccess(currentTarget.value)}
                    hint={access === 'link' ? words.say('accessLinkHint') : undefined}
                  />
                  {access === 'link' ? null : (
                    <>
                      <PasswordField
                        label={words.say('password')}
                        name="password"
                        required
                        autocomplete="new-password"
                        hint={words.say('passwordHint')}
                      />
                      <CheckField label={words.say('mustChange')} name="mustChange" defaultChecked />
                      <CheckField label={words.say('welcome')} name="welcome" hint={words.say('welcomeHint')} />
                    </>
                  )}
                  <div class="buttons">
                    <Button type="submit" kind="primary" busy={act.isBusy}>
                      {words.say('make')}
                    </Button>
                    <a href={pageAt('/admin/users')} class="rcx-box rcx-box--full rcx-button rcx-button--secondary">
                      <span class="rcx-button--content">{shared.say('cancel')}</span>
                    </a>
                  </div>
                </>
              )}
            </Form>
          </Panel>
        )}
      </Shown>
    </>
  );
}
