import { useState } from 'preact/hooks';
import { ClientError } from '../../src/client/index.ts';
import { pageAt, pathHere, returnHere } from '../address.ts';
import { keepSession, visitor } from '../client.ts';
import { facts } from '../facts.ts';
import { Frame } from '../parts/frame.tsx';
import { Loading } from '../parts/states.tsx';
import { Title } from '../parts/title.tsx';
import { useLoaded } from '../parts/use-loaded.ts';
import { register as words } from '../words/register.ts';
import { type Registered, RegisterForm } from './register-form.tsx';
import { Waiting } from './waiting.tsx';

/** Where somebody makes an account for themselves, as far as the settings let people. */
export default function Register() {
  const secret = secretHere();
  const { form } = facts.registration;
  if (form === 'Public') return <Open secret={undefined} />;
  if (form !== 'Secret URL') return <Closed title={words.say('closedTitle')} text={words.say('closedText')} />;
  return secret === undefined ? <WrongAddress /> : <BySecret secret={secret} />;
}

/** What stands behind the address of this screen. */
function secretHere(): string | undefined {
  const [, secret] = /^\/register\/([^/]+)$/u.exec(pathHere()) ?? [];
  return secret === undefined ? undefined : decodeURIComponent(secret);
}

/** Looks whether the address is the right one before anything is typed. */
function BySecret({ secret }: { readonly secret: string }) {
  const looked = useLoaded(async () => {
    try {
      await visitor().post('registration.offerUsername', { secret });
      return { opens: true };
    } catch (cause) {
      if (cause instanceof ClientError && cause.code === 'error-user-registration-secret') return { opens: false };
      // Whatever else is wrong is told once something is sent.
      return { opens: true };
    }
  });
  if (looked.value === undefined) {
    return (
      <Frame>
        <Loading lines={8} />
      </Frame>
    );
  }
  return looked.value.opens ? <Open secret={secret} /> : <WrongAddress />;
}

function WrongAddress() {
  return <Closed title={words.say('secretTitle')} text={words.say('secretText')} />;
}

function Closed({ title, text }: { readonly title: string; readonly text: string }) {
  const { closed } = facts.registration;
  return (
    <Frame>
      <Title>{title}</Title>
      {closed === '' ? null : <p>{closed}</p>}
      <p>{text}</p>
      <ToSignIn />
    </Frame>
  );
}

function ToSignIn() {
  return (
    <p>
      {words.say('haveAccount')} <a href={pageAt('/sign-in')}>{words.say('toSignIn')}</a>
    </p>
  );
}

function Open({ secret }: { readonly secret: string | undefined }) {
  const [made, setMade] = useState<(Registered & { readonly why: 'approval' | 'verify' | 'made' }) | undefined>(
    undefined,
  );
  if (made !== undefined) return <Waiting {...made} />;
  return (
    <Frame>
      <Title takesFocus={false}>{words.say('title', { site: facts.siteName })}</Title>
      <RegisterForm
        secret={secret}
        onRegistered={async (registered, password) => {
          const why = await goOn(registered, password);
          if (why !== undefined) setMade({ ...registered, why });
        }}
      />
      <ToSignIn />
    </Frame>
  );
}

/** Signs in whoever may; registering itself signs nobody in. @returns what whoever may not yet waits for */
async function goOn({ username }: Registered, password: string): Promise<'approval' | 'verify' | 'made' | undefined> {
  const { reasonRequired, verification } = facts.registration;
  if (reasonRequired) return 'approval';
  if (verification) return 'verify';
  try {
    location.assign(await keepSession(await visitor().login({ user: username, password }), returnHere()));
    return undefined;
  } catch (cause) {
    if (!(cause instanceof ClientError)) throw cause;
    // The account is there, or its owner is told by mail what it is that they have already: registering once more helps
    // nobody.
    return cause.status === 401 ? 'verify' : 'made';
  }
}
