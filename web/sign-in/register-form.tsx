import { useState } from 'preact/hooks';
import { visitor } from '../client.ts';
import { FieldMistake } from '../explain.ts';
import { facts } from '../facts.ts';
import { Button } from '../parts/button.tsx';
import { CustomFields, customFieldsIn, customValues } from '../parts/custom-fields.tsx';
import { Field, TextField } from '../parts/field.tsx';
import { Form } from '../parts/form.tsx';
import { NewPassword, withNewPassword } from '../parts/new-password.tsx';
import { retold } from '../retold.ts';
import { register as words } from '../words/register.ts';
import { isEmail } from './email.ts';
import { OfferedUsername } from './offered-username.tsx';

/** Whom an account was made for. */
export interface Registered {
  readonly username: string;
  readonly email: string;
}

interface Props {
  readonly secret: string | undefined;
  readonly onRegistered: (registered: Registered, password: string) => Promise<void>;
}

/** What one must tell to get an account. */
export function RegisterForm({ secret, onRegistered }: Props) {
  const { nameRequired, reasonRequired, customFields } = facts.registration;
  const [known, setKnown] = useState({ name: '', email: '' });
  const customs = customFieldsIn(customFields);
  return (
    <Form
      onSubmit={async (values) => {
        const { name = '', email = '', username = '', reason = '' } = values;
        const registered = { username: username.trim(), email: email.trim() };
        if (!isEmail(registered.email)) throw new FieldMistake('email', words.say('emailInvalid'));
        const asked = {
          ...registered,
          ...(name.trim() === '' ? {} : { name: name.trim() }),
          ...(secret === undefined ? {} : { secret }),
          ...(reasonRequired ? { reason: reason.trim() } : {}),
          ...(customs.length === 0 ? {} : { customFields: customValues(customs, values) }),
        };
        const password = await withNewPassword(values, 'password', async (pass) => {
          await retold(visitor().post('users.register', { ...asked, pass }), refusals, words.say);
          return pass;
        });
        await onRegistered(registered, password);
      }}
    >
      {(act) => (
        <>
          <div
            class="form"
            onFocusOut={({ currentTarget }) => {
              const held = (name: string): string =>
                currentTarget.querySelector<HTMLInputElement>(`[name=${name}]`)?.value.trim() ?? '';
              setKnown({ name: held('name'), email: held('email') });
            }}
          >
            <Field
              label={words.say('name')}
              name="name"
              required={nameRequired}
              autoFocus
              autocomplete="name"
              dir="auto"
              {...(nameRequired ? {} : { hint: words.say('nameHint') })}
            />
            <Field
              label={words.say('email')}
              name="email"
              type="email"
              required
              autocomplete="email"
              dir="ltr"
              hint={words.say('emailHint')}
            />
          </div>
          <OfferedUsername known={known} secret={secret} />
          <NewPassword name="password" label={words.say('password')} about={[known.name, known.email]} />
          <CustomFields fields={customs} />
          {reasonRequired ? (
            <TextField
              label={words.say('reason')}
              name="reason"
              required
              rows={3}
              dir="auto"
              hint={words.say('reasonHint')}
            />
          ) : null}
          <Button type="submit" kind="primary" class="wide" busy={act.isBusy}>
            {words.say('submit')}
          </Button>
        </>
      )}
    </Form>
  );
}

/** Refusals that are about one field, by their code or, where there is none, their sentence. */
const refusals = {
  'error-invalid-name': ['name', 'nameInvalid'],
  'Name contains invalid characters': ['name', 'nameInvalid'],
  'error-the-field-is-required': ['name', 'nameInvalid'],
  'error-invalid-email': ['email', 'emailInvalid'],
  'error-invalid-domain': ['email', 'emailDomain'],
  'error-email-domain-blacklisted': ['email', 'emailDomain'],
  'Email already exists': ['email', 'emailTaken'],
  'The username provided is not valid': ['username', 'usernameTaken'],
  'Username is already in use': ['username', 'usernameTaken'],
  'error-blocked-username': ['username', 'usernameTaken'],
} as const;
