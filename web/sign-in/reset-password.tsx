import { useRef } from 'preact/hooks';
import { pageAt, pathHere, returnHere } from '../address.ts';
import { keepSession, visitor } from '../client.ts';
import { facts } from '../facts.ts';
import { Button } from '../parts/button.tsx';
import { Form } from '../parts/form.tsx';
import { NewPassword, withNewPassword } from '../parts/new-password.tsx';
import { Title } from '../parts/title.tsx';
import { recovery as words } from '../words/recovery.ts';
import { withinText } from './email.ts';
import { type GoodLink, MailedLink } from './mailed-link.tsx';

/** Sets a password by a mailed link: another one, or the first of an account that an administrator has made. */
export default function ResetPassword() {
  const isFirst = pathHere().startsWith('/enroll-account');
  const title = words.say(isFirst ? 'enrolTitle' : 'resetTitle');
  // For the sign-in that may follow; it goes with the page.
  const chosen = useRef('');
  return (
    <MailedLink
      purpose="password"
      title={title}
      good={(link) => (
        <SetPassword
          link={link}
          title={title}
          isFirst={isFirst}
          onSet={(password) => {
            chosen.current = password;
          }}
        />
      )}
      used={({ username }) => <PasswordSet username={username} password={chosen.current} />}
      dead={<AnotherLink isFirst={isFirst} />}
    />
  );
}

interface SetProps {
  readonly link: GoodLink;
  readonly title: string;
  readonly isFirst: boolean;
  readonly onSet: (password: string) => void;
}

function SetPassword({ link: { token, username, use }, title, isFirst, onSet }: SetProps) {
  const site = facts.siteName;
  return (
    <>
      <p>
        {username === undefined
          ? words.say('ofYou', { site })
          : words.say('ofName', { name: withinText(username), site })}
      </p>
      <Form
        onSubmit={async (values) => {
          await use(
            async () =>
              await withNewPassword(values, 'password', async (password) => {
                await visitor().post('mailedLinks.setPassword', { token, password });
                onSet(password);
              }),
          );
        }}
      >
        {(act) => (
          <>
            {/* Password managers keep the password for this name. */}
            <input value={username ?? ''} autocomplete="username" hidden readOnly />
            <NewPassword name="password" about={[username]} autoFocus />
            {isFirst ? null : <p class="quiet">{words.say('resetNote')}</p>}
            <Button type="submit" kind="primary" class="wide" busy={act.isBusy}>
              {title}
            </Button>
          </>
        )}
      </Form>
    </>
  );
}

/** Whoever has set a password may go on with it at once; a second factor is asked for as at any sign-in. */
function PasswordSet({ username, password }: { readonly username: string | undefined; readonly password: string }) {
  const query = username === undefined ? '' : `?user=${encodeURIComponent(username)}`;
  return (
    <>
      <Title>{words.say('setTitle')}</Title>
      <p>{words.say('setText')}</p>
      {username === undefined ? null : (
        <Form
          onSubmit={async () => {
            location.assign(await keepSession(await visitor().login({ user: username, password }), returnHere()));
          }}
        >
          {(act) => (
            <Button type="submit" kind="primary" class="wide" busy={act.isBusy}>
              {words.say('signInNow')}
            </Button>
          )}
        </Form>
      )}
      <p>
        <a href={pageAt(`/sign-in${query}`)}>{words.say('toSignIn')}</a>
      </p>
    </>
  );
}

/** A first password comes by an administrator's mail, but whoever has the address may as well ask for another. */
function AnotherLink({ isFirst }: { readonly isFirst: boolean }) {
  return (
    <>
      {isFirst || !facts.passwordReset ? <p>{words.say('deadAsk')}</p> : null}
      {facts.passwordReset ? (
        <p>
          <a class="rcx-box rcx-box--full rcx-button rcx-button--primary wide" href={pageAt('/forgot-password')}>
            <span class="rcx-button--content">{words.say('deadForgot')}</span>
          </a>
        </p>
      ) : null}
      <p>
        <a href={pageAt('/sign-in')}>{words.say('toSignIn')}</a>
      </p>
    </>
  );
}
