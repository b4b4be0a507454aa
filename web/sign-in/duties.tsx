import { useState } from 'preact/hooks';
import { returnHere } from '../address.ts';
import { client, type Duty, dutyDone, dutyHere } from '../client.ts';
import { Frame } from '../parts/frame.tsx';
import { SignOut } from '../parts/sign-out.tsx';
import { Shown } from '../parts/states.tsx';
import { Title } from '../parts/title.tsx';
import { useLoaded } from '../parts/use-loaded.ts';
import { PersonContext } from '../person.ts';
import { duties as words } from '../words/duties.ts';
import { ForcedFactor } from './forced-factor.tsx';
import { ForcedPassword } from './forced-password.tsx';

/** What somebody has to do who has signed in, one after the other; then they go on. */
export default function Duties() {
  const [duty, setDuty] = useState<Duty | undefined>(dutyHere());
  const me = useLoaded(async () => await client.get('me'));
  const onDone = async (): Promise<void> => {
    const address = await dutyDone(returnHere());
    if (address === undefined) setDuty(dutyHere());
    else location.assign(address);
  };
  const isPassword = duty === 'password-change-required';
  return (
    <Frame>
      <Title key={duty}>{words.say(isPassword ? 'passwordTitle' : 'factorTitle')}</Title>
      <Shown of={me}>
        {(found) => (
          <PersonContext.Provider
            value={{
              me: found,
              may: () => false,
              refresh: async () => {
                me.reload();
                await Promise.resolve();
              },
            }}
          >
            {isPassword ? <ForcedPassword onDone={onDone} /> : <ForcedFactor onDone={onDone} />}
          </PersonContext.Provider>
        )}
      </Shown>
      <SignOut />
    </Frame>
  );
}
