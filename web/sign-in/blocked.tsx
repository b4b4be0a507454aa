import { Callout } from '../parts/callout.tsx';
import { useCountdown } from '../parts/use-countdown.ts';
import { notSignedIn as words } from '../words/not-signed-in.ts';

/** Says that nobody may try again yet, and counts down; who hears the page is told once, and when it is over. */
export function Blocked({ seconds }: { readonly seconds: number }) {
  const [left] = useCountdown(seconds);
  const time = `${Math.floor(left / 60)}:${String(left % 60).padStart(2, '0')}`;
  return left === 0 ? (
    <Callout kind="info">{words.say('blockedOver')}</Callout>
  ) : (
    <Callout kind="danger" title={words.say('title')}>
      <p>{words.say('blocked')}</p>
      <p aria-live="off" role="timer">
        {words.say('blockedLeft', { time })}
      </p>
    </Callout>
  );
}
