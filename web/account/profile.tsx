import '../style/profile.css';
import { Shown } from '../parts/states.tsx';
import { Title } from '../parts/title.tsx';
import { useLoaded } from '../parts/use-loaded.ts';
import { usePerson } from '../person.ts';
import { publicSettings } from '../public-settings.ts';
import { menu } from '../words/menu.ts';
import { About } from './profile/about.tsx';
import { Addresses } from './profile/addresses.tsx';
import { Choices } from './profile/choices.tsx';
import { Picture } from './profile/picture.tsx';

const wanted = [
  'Accounts_AllowUserProfileChange',
  'Accounts_AllowUsernameChange',
  'Accounts_AllowRealNameChange',
  'Accounts_AllowEmailChange',
  'Accounts_AllowUserAvatarChange',
  'Accounts_AllowUserStatusMessageChange',
  'Accounts_AllowInvisibleStatusOption',
  'Accounts_RequireNameForSignUp',
  'Accounts_CustomFields',
  'Accounts_TwoFactorAuthentication_Enabled',
  'Countersign_Avatar_Bytes',
  'Countersign_Avatar_Side',
  'Device_Management_Enable_Login_Emails',
  'Device_Management_Allow_Login_Email_preference',
];

/** Who one is, as others see it, and where mails go. */
export default function Profile() {
  const settings = useLoaded(async () => await publicSettings(wanted));
  const { me } = usePerson();
  return (
    <>
      <Title>{menu.say('profile')}</Title>
      <Shown of={settings} lines={8}>
        {(found) => (
          <>
            <Picture settings={found} />
            <About settings={found} />
            <Addresses key={JSON.stringify(me.emails)} settings={found} />
            <Choices settings={found} />
          </>
        )}
      </Shown>
    </>
  );
}
