import { useEffect, useState } from 'preact/hooks';
import { useRoute } from 'preact-iso';
import { ClientError } from '../../src/client/index.ts';
import { pageAt } from '../address.ts';
import { keepSession, visitor } from '../client.ts';
import { explain, FieldMistake } from '../explain.ts';
import { Button } from '../parts/button.tsx';
import { Callout } from '../parts/callout.tsx';
import { type AskedFactor, FactorForm } from '../parts/factor-form.tsx';
import { Frame } from '../parts/frame.tsx';
import { Loading } from '../parts/states.tsx';
import { Title } from '../parts/title.tsx';
import { shared } from '../words/shared.ts';
import { signIn as words } from '../words/sign-in.ts';

/** Refusals after which the sign-in waits no more. */
const over: ReadonlySet<string> = new Set([
  'error-challenge-not-found',
  'error-challenge-expired',
  'error-user-not-found',
  'totp-max-attempts',
]);

type State =
  | { readonly is: 'loading' }
  | { readonly is: 'over' }
  | { readonly is: 'failed'; readonly told: string }
  | { readonly is: 'asked'; readonly asked: AskedFactor };

/** Where a sign-in at a provider waits for its second factor (`/2fa/<method>/<challenge>`). */
export default function SecondFactor() {
  const { challengeId = '' } = useRoute().params as { readonly challengeId?: string };
  const [state, setState] = useState<State>({ is: 'loading' });

  /** @throws what is no end of the sign-in */
  const whileItWaits = async (act: () => Promise<void>): Promise<void> => {
    try {
      await act();
    } catch (cause) {
      if (!(cause instanceof ClientError) || !over.has(cause.code)) throw cause;
      setState({ is: 'over' });
    }
  };
  const ask = async (method?: string): Promise<void> => {
    await whileItWaits(async () => {
      const body = { challengeId, ...(method === undefined ? {} : { method }) };
      const { method: due, availableMethods, options } = await visitor().post('twoFactorChallenges.offer', body);
      setState({ is: 'asked', asked: { method: due, availableMethods, options } });
    });
  };
  const begin = (): void => {
    setState({ is: 'loading' });
    ask().catch((cause: unknown) => setState({ is: 'failed', told: explain(cause).text }));
  };
  useEffect(begin, []);

  if (state.is === 'loading') {
    return (
      <Frame>
        <Title>{words.say('factorTitle')}</Title>
        <Loading />
      </Frame>
    );
  }
  if (state.is === 'failed') {
    return (
      <Frame>
        <Title>{words.say('factorTitle')}</Title>
        <Callout kind="danger" title={shared.say('failedToLoad')}>
          <p>{state.told}</p>
          <Button small onClick={begin}>
            {shared.say('retry')}
          </Button>
        </Callout>
      </Frame>
    );
  }
  if (state.is === 'over') {
    return (
      <Frame>
        <Title>{words.say('factorTitle')}</Title>
        <Callout kind="danger">{words.say('factorOver')}</Callout>
        <p>
          <a href={pageAt('/sign-in')}>{words.say('again')}</a>
        </p>
      </Frame>
    );
  }
  return (
    <Frame>
      <Title takesFocus={false}>{words.say('factorTitle')}</Title>
      <FactorForm
        key={state.asked.method}
        asked={state.asked}
        isWrong={false}
        resend={async () => {
          await visitor().post('twoFactorChallenges.sendEmailCode', { challengeId });
        }}
        onOther={ask}
        onCode={async (method, code) => {
          await whileItWaits(async () => await verify(challengeId, method, code));
        }}
      />
    </Frame>
  );
}

/** Shows the code, and goes on. @throws FieldMistake for a wrong one, and other refusals */
async function verify(challengeId: string, method: string, code: string | object): Promise<void> {
  const text = typeof code === 'string' ? code.trim() : JSON.stringify(code);
  try {
    const { userId, loginToken } = await visitor().post('twoFactorChallenges.verifyChallenge', {
      challengeId,
      code: text,
      method,
    });
    location.assign(await keepSession({ userId, token: loginToken }, '/account', challengeId));
  } catch (cause) {
    if (cause instanceof ClientError && cause.error === 'error-invalid-code') {
      throw new FieldMistake(method === 'passkey' ? 'passkey' : 'code', shared.say('factorWrong'));
    }
    throw cause;
  }
}
