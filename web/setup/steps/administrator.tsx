import { Addresses } from '../../account/profile/addresses.tsx';
import { OwnPassword } from '../../account/security/password.tsx';
import { Shown } from '../../parts/states.tsx';
import { useLoaded } from '../../parts/use-loaded.ts';
import { publicSettings } from '../../public-settings.ts';
import { setup as words } from '../../words/setup.ts';

const wanted = [
  'Accounts_AllowUserProfileChange',
  'Accounts_AllowEmailChange',
  'Accounts_TwoFactorAuthentication_Enabled',
];

/** A password and an address of one's own in place of those that were made. */
export function Administrator() {
  const loaded = useLoaded(async () => await publicSettings(wanted));
  return (
    <div class="panels">
      <p>{words.say('administratorText')}</p>
      <OwnPassword />
      <Shown of={loaded}>{(settings) => <Addresses settings={settings} />}</Shown>
    </div>
  );
}
