import { pageAt } from '../address.ts';
import { visitor } from '../client.ts';
import { facts } from '../facts.ts';
import { Button } from '../parts/button.tsx';
import { Form } from '../parts/form.tsx';
import { Title } from '../parts/title.tsx';
import { recovery as words } from '../words/recovery.ts';
import { AskForMail } from './ask-for-mail.tsx';
import { withinText } from './email.ts';
import { type GoodLink, MailedLink } from './mailed-link.tsx';

/** Verifies an address by a mailed link. It takes a press: mail servers and previews open links, too. */
export default function VerifyEmail() {
  return (
    <MailedLink
      purpose="verification"
      title={words.say('verifyTitle')}
      good={(link) => <Verify {...link} />}
      used={({ username = '' }) => (
        <>
          <Title>{words.say('verifiedTitle')}</Title>
          <p>{words.say('verifiedText')}</p>
          <p>
            <a
              class="rcx-box rcx-box--full rcx-button rcx-button--primary wide"
              href={pageAt(`/sign-in?user=${encodeURIComponent(username)}`)}
            >
              <span class="rcx-button--content">{words.say('goOn')}</span>
            </a>
          </p>
        </>
      )}
      dead={
        <>
          <p>{words.say('newLinkText')}</p>
          <AskForMail
            ask={async (email) => await visitor().post('users.sendConfirmationEmail', { email })}
            submit={words.say('newLinkSend')}
            sent="newLinkSent"
          />
          <p>
            <a href={pageAt('/sign-in')}>{words.say('toSignIn')}</a>
          </p>
        </>
      }
    />
  );
}

function Verify({ token, username, use }: GoodLink) {
  const site = facts.siteName;
  return (
    <Form
      onSubmit={async () => {
        await use(async () => await visitor().post('users.verifyEmail', { token }));
      }}
    >
      {(act) => (
        <>
          {/* Whoever registered with somebody else's address waits for just this button to be pressed. */}
          <p>
            {username === undefined
              ? words.say('verifyOfYou', { site })
              : words.say('verifyOfName', { site, name: withinText(username) })}
          </p>
          <p>{words.say('verifyNotYours')}</p>
          <Button type="submit" kind="primary" class="wide" busy={act.isBusy}>
            {words.say('verify')}
          </Button>
        </>
      )}
    </Form>
  );
}
