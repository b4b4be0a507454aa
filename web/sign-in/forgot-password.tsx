import { pageAt } from '../address.ts';
import { visitor } from '../client.ts';
import { facts } from '../facts.ts';
import { Frame } from '../parts/frame.tsx';
import { Title } from '../parts/title.tsx';
import { recovery as words } from '../words/recovery.ts';
import { AskForMail } from './ask-for-mail.tsx';

/** Mails a link that sets a new password. Nobody is told whether an address is known. */
export default function ForgotPassword() {
  return (
    <Frame>
      {facts.passwordReset ? (
        <>
          <Title takesFocus={false}>{words.say('forgotTitle')}</Title>
          <p>{words.say('forgotText')}</p>
          <AskForMail
            ask={async (email) => await visitor().post('users.forgotPassword', { email })}
            submit={words.say('forgotSend')}
            sent="forgotSent"
            takesFocus
          />
        </>
      ) : (
        <>
          <Title>{words.say('offTitle')}</Title>
          <p>{words.say('offText')}</p>
        </>
      )}
      <p>
        <a href={pageAt('/sign-in')}>{words.say('toSignIn')}</a>
      </p>
    </Frame>
  );
}
