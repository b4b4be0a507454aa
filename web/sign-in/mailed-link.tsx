import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import { ClientError } from '../../src/client/index.ts';
import { visitor } from '../client.ts';
import { mailedToken } from '../mailed-token.ts';
import { Frame } from '../parts/frame.tsx';
import { Shown } from '../parts/states.tsx';
import { Title } from '../parts/title.tsx';
import { useLoaded } from '../parts/use-loaded.ts';
import { recovery as words } from '../words/recovery.ts';

/** How the server refuses a link, by the sentence of its answer. */
const refusals: ReadonlySet<unknown> = new Set([
  'Token expired',
  'Token has invalid email address',
  'Verify email link expired',
  'Verify email link is for unknown address',
]);

/** A link that is good: what is sent with it, and whose account it is for. */
export interface GoodLink {
  readonly token: string;
  /** Undefined for an account that has none yet. */
  readonly username: string | undefined;
  /** Uses the link; one that has died meanwhile is shown as dead. */
  readonly use: (send: () => Promise<unknown>) => Promise<void>;
}

interface Props {
  readonly purpose: 'password' | 'verification';
  readonly title: string;
  /** What is there while the link is good. */
  readonly good: (link: GoodLink) => ComponentChildren;
  /** What is there once it was used. */
  readonly used: (link: Pick<GoodLink, 'username'>) => ComponentChildren;
  /** How one gets another. */
  readonly dead: ComponentChildren;
}

/** The page behind a mailed link: it looks whether the link is good, which uses nothing up. */
export function MailedLink({ purpose, title, good, used, dead }: Props) {
  const token = mailedToken;
  const [became, setBecame] = useState<'used' | 'dead' | undefined>(undefined);
  const looked = useLoaded(async () =>
    token === undefined ? { held: false } : await visitor().post('mailedLinks.look', { token, purpose }),
  );
  if (token === undefined) {
    return (
      <Frame>
        <Title>{words.say('goneTitle')}</Title>
        <p>{words.say('goneText')}</p>
        {dead}
      </Frame>
    );
  }
  const { username } = looked.value ?? {};
  if (became === 'used') return <Frame key="used">{used({ username })}</Frame>;
  const use: GoodLink['use'] = async (send) => {
    try {
      await send();
      setBecame('used');
    } catch (cause) {
      if (!(cause instanceof ClientError) || !refusals.has(cause.error)) throw cause;
      setBecame('dead');
    }
  };
  if (became === 'dead' || looked.value?.held === false) {
    return (
      <Frame key="dead">
        <Title>{words.say('deadTitle')}</Title>
        <p>{words.say('deadText')}</p>
        {dead}
      </Frame>
    );
  }
  return (
    <Frame key="good">
      <Title takesFocus={purpose === 'verification'}>{title}</Title>
      <Shown of={looked} lines={5}>
        {() => good({ token, username, use })}
      </Shown>
    </Frame>
  );
}
