import { useCallback, useRef, useState } from 'preact/hooks';
import type { Session } from '../../src/client/index.ts';
import { pageAt, returnHere } from '../address.ts';
import { dutyHere, keepAndJoin, keepSession, visitor } from '../client.ts';
import { FieldMistake } from '../explain.ts';
import { facts } from '../facts.ts';
import { Button } from '../parts/button.tsx';
import { Callout } from '../parts/callout.tsx';
import { Field, PasswordField } from '../parts/field.tsx';
import { Form } from '../parts/form.tsx';
import { Frame } from '../parts/frame.tsx';
import { Title } from '../parts/title.tsx';
import { type Act, useAct } from '../parts/use-act.ts';
import { canUsePasskeys, showPasskey } from '../passkey.ts';
import { Opened, screen } from '../screen.tsx';
import { duties as dutyWords } from '../words/duties.ts';
import { newPassword } from '../words/new-password.ts';
import { notSignedIn } from '../words/not-signed-in.ts';
import { security } from '../words/security.ts';
import { signIn as words } from '../words/sign-in.ts';
import { Blocked } from './blocked.tsx';
import { type Outcome, refusalHere, signingIn } from './refusal.ts';
import { offered, Services, serviceName } from './services.tsx';
import { Unverified } from './unverified.tsx';
import { useSuggestedPasskey } from './use-suggested-passkey.ts';

const duties = screen([dutyWords, newPassword, security], async () => await import('./duties.tsx'));

/** What the address asks for. */
function asked() {
  const query = new URLSearchParams(location.search);
  const service = serviceName(query.get('service') ?? '');
  const joins = query.get('refused') === 'identity-address-taken';
  return { user: query.get('user') ?? '', service, joins };
}

/** Where people sign in. Whoever has signed in and has to do something first does it here. */
export default function SignIn() {
  return dutyHere() === undefined ? <Door /> : <Opened of={duties} alone />;
}

function Door() {
  const { joins, service = words.say('theService') } = asked();
  const [outcome, setOutcome] = useState<Outcome>({ kind: 'done' });
  const [left, setLeft] = useState<string | undefined>(undefined);
  const typed = useRef('');
  const passkey = useAct();
  const others = offered().length > 0;
  const hasForm = facts.form.shown || !others || joins;
  const hasPasskeys = canUsePasskeys();

  /** Signs in, and goes on; a refusal that needs more than a sentence is shown. */
  const run = async (field: string, prove: () => Promise<Session>, password?: string): Promise<void> => {
    const came = await signingIn(field, async () => {
      const session = await prove();
      if (!joins || password === undefined) {
        location.assign(await keepSession(session, returnHere()));
        return;
      }
      const { address, joined } = await keepAndJoin(session, password, returnHere());
      if (joined) location.assign(address);
      else setLeft(address);
    });
    setOutcome(came);
  };
  const byPasskey = async (credential: object): Promise<void> =>
    await run('', async () => {
      const { userId, loginToken } = await visitor().post('passkeys.signIn', { credential });
      return { userId, token: loginToken };
    });
  const latest = useRef({ byPasskey, passkey });
  latest.current = { byPasskey, passkey };
  const onShown = useCallback((credential: object) => {
    const { byPasskey: signIn, passkey: act } = latest.current;
    void act.run(async () => await signIn(credential));
  }, []);
  useSuggestedPasskey(hasForm && !joins, onShown);

  if (left !== undefined) {
    return (
      <Frame>
        <Title>{words.say('joinFailedTitle', { service })}</Title>
        <p>{words.say('joinFailedText', { service })}</p>
        <p>
          <a class="rcx-box rcx-box--full rcx-button rcx-button--primary" href={left}>
            {words.say('goOn')}
          </a>
        </p>
      </Frame>
    );
  }
  return (
    <Frame>
      <Title takesFocus={false}>{joins ? words.say('joinTitle') : words.say('title', { site: facts.siteName })}</Title>
      {facts.nobodyWasHere ? <Callout>{words.say('firstTime')}</Callout> : null}
      <Told outcome={outcome} user={typed.current} joins={joins} service={service} />
      {hasForm ? (
        <PasswordForm
          joins={joins}
          onSubmit={async ({ user = '', password = '' }) => {
            typed.current = user.trim();
            await run('password', async () => await visitor().login({ user: user.trim(), password }), password);
          }}
        />
      ) : null}
      {joins || (!others && !hasPasskeys) ? null : (
        <>
          {hasForm ? <p class="or">{words.say('or')}</p> : null}
          {hasPasskeys ? (
            <PasskeyButton
              act={passkey}
              onPress={async () => {
                const { options } = await visitor().post('passkeys.signInOptions');
                const shown = await showPasskey(options);
                if (shown === undefined) throw new FieldMistake('passkey', words.say('passkeyGivenUp'));
                await byPasskey(shown);
              }}
            />
          ) : null}
          {others ? <Services /> : null}
        </>
      )}
      <Ways joins={joins} />
    </Frame>
  );
}

/** What stands above the fields. */
function Told({
  outcome,
  user,
  joins,
  service,
}: {
  readonly outcome: Outcome;
  readonly user: string;
  readonly joins: boolean;
  readonly service: string;
}) {
  if (outcome.kind === 'blocked') return <Blocked key={outcome.seconds} seconds={outcome.seconds} />;
  if (outcome.kind === 'unverified') return <Unverified user={user} />;
  if (joins) return <Callout kind="warning">{words.say('joinText', { service })}</Callout>;
  const refusal = refusalHere();
  return refusal === undefined ? null : (
    <Callout kind="danger" title={notSignedIn.say('title')}>
      {refusal}
    </Callout>
  );
}

function PasswordForm({
  joins,
  onSubmit,
}: {
  readonly joins: boolean;
  readonly onSubmit: (values: Readonly<Record<string, string>>) => Promise<void>;
}) {
  const { user } = asked();
  return (
    <Form onSubmit={onSubmit}>
      {(act) => (
        <>
          <Field
            label={words.say('user')}
            name="user"
            required
            autoFocus={user === ''}
            defaultValue={user}
            autocomplete="username webauthn"
            autocapitalize="none"
            spellcheck={false}
            placeholder={facts.form.userHint}
          />
          <PasswordField
            label={words.say('password')}
            name="password"
            required
            autoFocus={user !== ''}
            autocomplete="current-password"
            placeholder={facts.form.passwordHint}
          />
          <Button type="submit" kind="primary" class="wide" busy={act.isBusy}>
            {words.say(joins ? 'joinSubmit' : 'submit')}
          </Button>
        </>
      )}
    </Form>
  );
}

function PasskeyButton({ act, onPress }: { readonly act: Act; readonly onPress: () => Promise<void> }) {
  return (
    <>
      {act.mistake === undefined ? null : <Callout kind="danger">{act.mistake.text}</Callout>}
      <Button icon="fingerprint" class="wide" busy={act.isBusy} onClick={() => void act.run(onPress)}>
        {words.say('passkey')}
      </Button>
    </>
  );
}

/** The ways on for who has no account, or no password that they know. */
function Ways({ joins }: { readonly joins: boolean }) {
  const { registration, passwordReset } = facts;
  const isOpen = registration.form === 'Public' && !joins;
  const closed = joins || isOpen ? '' : registration.closed;
  if (!passwordReset && !isOpen && closed === '') return null;
  return (
    <ul class="ways">
      {passwordReset ? (
        <li>
          <a href={pageAt('/forgot-password')}>{words.say('forgot')}</a>
        </li>
      ) : null}
      {isOpen ? (
        <li>
          {words.say('noAccount')} <a href={pageAt('/register')}>{words.say('register')}</a>
        </li>
      ) : null}
      {closed === '' ? null : <li>{closed}</li>}
    </ul>
  );
}
