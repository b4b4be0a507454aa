import { useState } from 'preact/hooks';
import { explain } from '../explain.ts';
import { shared } from '../words/shared.ts';
import { Button } from './button.tsx';
import { useCountdown } from './use-countdown.ts';

interface Words {
  readonly again: string;
  readonly againIn: (seconds: number) => string;
  readonly sent: string;
}

interface Props {
  readonly resend: () => Promise<void>;
  /** What it says; left out, that it mails a code. */
  readonly words?: Words;
  readonly pauseSeconds?: number;
  /** Something was mailed just now, so that it waits from the start. */
  readonly isJustMailed?: boolean;
}

/** Mails something once more, and then not again for a while. */
export function Resend({ resend, words = ofCode(), pauseSeconds = 30, isJustMailed = false }: Props) {
  const [left, begin] = useCountdown(isJustMailed ? pauseSeconds : 0);
  const [told, setTold] = useState('');
  return (
    <>
      <Button
        disabled={left > 0}
        onClick={() => {
          begin(pauseSeconds);
          resend().then(
            () => setTold(words.sent),
            (cause: unknown) => setTold(explain(cause).text),
          );
        }}
      >
        {left > 0 ? words.againIn(left) : words.again}
      </Button>
      <span role="status">{told}</span>
    </>
  );
}

function ofCode(): Words {
  return {
    again: shared.say('factorResend'),
    againIn: (count) => shared.say('factorResendIn', { count }),
    sent: shared.say('factorSent'),
  };
}
