import { useState } from 'preact/hooks';
import { ClientError } from '../../src/client/index.ts';
import { pageAt } from '../address.ts';
import { keepSession, visitor } from '../client.ts';
import { facts } from '../facts.ts';
import { Button } from '../parts/button.tsx';
import { Callout } from '../parts/callout.tsx';
import { Form } from '../parts/form.tsx';
import { Frame } from '../parts/frame.tsx';
import { Title } from '../parts/title.tsx';
import { signIn as words } from '../words/sign-in.ts';
import { Blocked } from './blocked.tsx';
import { type Outcome, signingIn } from './refusal.ts';

/** The code that the address brought: taken out of it at once, so that no later request and no history holds it. */
const code = new URLSearchParams(location.search).get('loginCode') ?? '';
if (code !== '') history.replaceState(null, '', location.pathname);

/** Where a link leads that signs in once. Opening it uses nothing up: mail servers and previews open links too. */
export default function LoginLink() {
  const [outcome, setOutcome] = useState<Outcome>({ kind: 'done' });
  const [isOver, setOver] = useState(code === '');
  if (isOver) {
    return (
      <Frame>
        <Title>{words.say('linkTitle')}</Title>
        <Callout kind="danger">{words.say(code === '' ? 'linkNone' : 'linkOver')}</Callout>
        <p>
          <a href={pageAt('/sign-in')}>{words.say('toSignIn')}</a>
        </p>
      </Frame>
    );
  }
  return (
    <Frame>
      <Title takesFocus={false}>{words.say('linkTitle')}</Title>
      <p>{words.say('linkText', { site: facts.siteName })}</p>
      {outcome.kind === 'blocked' ? <Blocked key={outcome.seconds} seconds={outcome.seconds} /> : null}
      <Form
        onSubmit={async () => {
          const came = await signingIn('', async () => {
            try {
              const { userId, loginToken } = await visitor().post('loginCode.redeem', { code });
              location.assign(await keepSession({ userId, token: loginToken }, '/account'));
            } catch (cause) {
              if (!(cause instanceof ClientError) || cause.error !== 'error-invalid-code') throw cause;
              setOver(true);
            }
          });
          setOutcome(came);
        }}
      >
        {(act) => (
          <Button type="submit" kind="primary" class="wide" busy={act.isBusy} autoFocus>
            {words.say('submit')}
          </Button>
        )}
      </Form>
    </Frame>
  );
}
