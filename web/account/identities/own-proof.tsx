import { sha256Hex } from '../../../src/client/index.ts';
import { PasswordField } from '../../parts/field.tsx';
import { useLoaded } from '../../parts/use-loaded.ts';
import { usePerson } from '../../person.ts';
import { publicSettings } from '../../public-settings.ts';
import { shared } from '../../words/shared.ts';

const setting = 'Accounts_TwoFactorAuthentication_Enabled';

/**
 * Whether a form has to ask for the password itself: where second factors are switched off, the server asks for nothing.
 * Undefined until that is known.
 */
export function useAsksPassword(): boolean | undefined {
  const { me } = usePerson();
  const { value, failure } = useLoaded(async () => (await publicSettings([setting]))[setting] === true);
  if (failure !== undefined) return false;
  return value === undefined ? undefined : !value && me.services?.password?.exists === true;
}

/** Asks for the password. */
export function OwnProof() {
  return (
    <PasswordField
      label={shared.say('factorPasswordField')}
      name="currentPassword"
      required
      autocomplete="current-password"
    />
  );
}

/** What a call takes of that. */
export async function ownProof({
  currentPassword = '',
}: Readonly<Record<string, string>>): Promise<{ readonly currentPassword?: string }> {
  return currentPassword === '' ? {} : { currentPassword: await sha256Hex(currentPassword) };
}
