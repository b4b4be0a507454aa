import '../style/account.css';
import { useState } from 'preact/hooks';
import { client } from '../client.ts';
import { Shown } from '../parts/states.tsx';
import { Title } from '../parts/title.tsx';
import { useLoaded } from '../parts/use-loaded.ts';
import { usePerson } from '../person.ts';
import { menu } from '../words/menu.ts';
import { AppPanel } from './security/app.tsx';
import { BackupPanel, FreshCodes } from './security/backup-codes.tsx';
import { EmailPanel } from './security/email.tsx';
import { PasskeysPanel } from './security/passkeys.tsx';
import { OwnPassword } from './security/password.tsx';
import { TrustedPanel } from './security/trusted.tsx';

/** The password and the second factors of whoever is signed in. */
export default function Security() {
  const { me, refresh } = usePerson();
  /** Backup codes that were just made: they are shown until the screen is left, and never again. */
  const [fresh, setFresh] = useState<readonly string[]>([]);
  const hasApp = me.services?.totp?.enabled === true;
  const factors = useLoaded(async () => {
    const { passkeys, alone } = await client.get('passkeys.list');
    const hasCodes = hasApp || passkeys.length > 0;
    return { passkeys, alone, codesLeft: hasCodes ? (await client.get('users.totpCodesRemaining')).remaining : 0 };
  }, String(hasApp));
  /** Asks the server again how things stand, after something has changed. */
  const changed = async (codes: readonly string[] = []): Promise<void> => {
    if (codes.length > 0) setFresh(codes);
    await refresh();
    factors.reload();
  };
  return (
    <>
      <Title>{menu.say('security')}</Title>
      {fresh.length === 0 ? null : <FreshCodes key={fresh[0]} codes={fresh} onKept={() => setFresh([])} />}
      <OwnPassword />
      <AppPanel hasApp={hasApp} onChanged={changed} />
      <EmailPanel onChanged={changed} />
      <Shown of={factors} lines={4}>
        {({ passkeys, alone, codesLeft }) => (
          <>
            <PasskeysPanel passkeys={passkeys} alone={alone} onChanged={changed} />
            {hasApp || passkeys.length > 0 ? (
              <BackupPanel left={codesLeft} hasApp={hasApp} onChanged={changed} />
            ) : null}
          </>
        )}
      </Shown>
      <TrustedPanel />
    </>
  );
}
