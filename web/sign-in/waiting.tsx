import { pageAt } from '../address.ts';
import { visitor } from '../client.ts';
import { Frame } from '../parts/frame.tsx';
import { Resend } from '../parts/resend.tsx';
import { Title } from '../parts/title.tsx';
import { register as words } from '../words/register.ts';
import { withinText } from './email.ts';
import type { Registered } from './register-form.tsx';

const titles = { approval: 'approvalTitle', verify: 'verifyTitle', made: 'madeTitle' } as const;

/** What comes next for whoever has registered and cannot go on at once. */
export function Waiting({ username, email, why }: Registered & { readonly why: keyof typeof titles }) {
  const shown = { email: withinText(email) };
  return (
    <Frame>
      <Title>{words.say(titles[why])}</Title>
      {why === 'approval' ? (
        <>
          <p>{words.say('approvalText', shown)}</p>
          <p>{words.say('approvalVerify')}</p>
        </>
      ) : (
        <p>{words.say(why === 'verify' ? 'verifyText' : 'madeText', shown)}</p>
      )}
      {why === 'made' ? null : (
        <div class="buttons">
          <Resend
            resend={async () => {
              await visitor().post('users.sendConfirmationEmail', { email });
            }}
            words={{
              again: words.say('mailAgain'),
              againIn: (count) => words.say('mailAgainIn', { count }),
              sent: words.say('mailed'),
            }}
            pauseSeconds={60}
            isJustMailed
          />
        </div>
      )}
      <p>
        <a href={pageAt(`/sign-in?user=${encodeURIComponent(username)}`)}>{words.say('toSignIn')}</a>
      </p>
    </Frame>
  );
}
