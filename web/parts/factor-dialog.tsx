import { useEffect, useRef, useState } from 'preact/hooks';
import type { OtherFactor, SecondFactorChallenge } from '../../src/client/index.ts';
import { factorsAreAskedBy } from '../ask-for-factor.ts';
import { visitor } from '../client.ts';
import { shared } from '../words/shared.ts';
import { Dialog } from './dialog.tsx';
import { FactorForm } from './factor-form.tsx';

interface Asked {
  readonly challenge: SecondFactorChallenge;
  /** Whether the code that was given last was not right. */
  readonly isWrong: boolean;
  readonly answer: (given: OtherFactor | undefined) => void;
}

/** Asks for a second factor whenever a call wants one; the call goes on with what it is given. */
export function FactorDialog() {
  const [asked, setAsked] = useState<Asked | undefined>(undefined);
  const before = useRef<Partial<SecondFactorChallenge>>({});
  useEffect(() => {
    factorsAreAskedBy(
      async (challenge) =>
        await new Promise((resolve) => {
          const { attempt } = challenge;
          const isFirst = attempt === 1;
          // A refusal of a wrong code does not say again what else would do.
          const details = { ...(isFirst ? {} : before.current.details), ...challenge.details };
          // The same count once more: only another method was asked for.
          const isWrong = !isFirst && attempt !== before.current.attempt;
          before.current = { attempt, details };
          setAsked({
            challenge: { ...challenge, details },
            isWrong,
            answer: (given) => {
              setAsked(undefined);
              resolve(given);
            },
          });
        }),
    );
  }, []);
  if (asked === undefined) return null;
  const { challenge, isWrong, answer } = asked;
  const { method, attempt, details } = challenge;
  return (
    <Dialog title={shared.say('factorTitle')} onClose={() => answer(undefined)}>
      <FactorForm
        key={`${method} ${attempt}`}
        asked={{ method, availableMethods: details['availableMethods'], options: details['options'] }}
        isWrong={isWrong}
        resend={resendBy(details)}
        onOther={async (other) => {
          answer({ method: other, code: '' });
          await Promise.resolve();
        }}
        onCode={async (chosen, code) => {
          answer({ method: chosen, code });
          await Promise.resolve();
        }}
      />
    </Dialog>
  );
}

/** How a fresh code is mailed; undefined where the server says not to whom. */
function resendBy({ emailOrUsername }: SecondFactorChallenge['details']): (() => Promise<void>) | undefined {
  if (typeof emailOrUsername !== 'string') return undefined;
  return async () => {
    await visitor().post('users.2fa.sendEmailCode', { emailOrUsername });
  };
}
