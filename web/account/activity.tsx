import '../style/account.css';
import type { SignIn } from '../../src/client/index.ts';
import { pageAt } from '../address.ts';
import { client } from '../client.ts';
import { momentText } from '../language.ts';
import { Callout } from '../parts/callout.tsx';
import { Panel } from '../parts/panel.tsx';
import { Empty, Shown } from '../parts/states.tsx';
import { Table } from '../parts/table.tsx';
import { Tag } from '../parts/tag.tsx';
import { Title } from '../parts/title.tsx';
import { useLoaded } from '../parts/use-loaded.ts';
import { deviceText, doorText, factorText, providerText } from '../ways.ts';
import { activity as words } from '../words/activity.ts';
import { menu } from '../words/menu.ts';
import { ways } from '../words/ways.ts';

/** How the account was signed in to lately, and by whom not. */
export default function Activity() {
  const listed = useLoaded(async () => await client.get('users.lastSignIns', { count: 50 }));
  return (
    <>
      <Title>{menu.say('activity')}</Title>
      <Callout kind="info" title={words.say('notMe')}>
        <p>{words.say('notMeText')}</p>
        <p class="links">
          <a href={pageAt('/account/security')}>{menu.say('security')}</a>
          <a href={pageAt('/account/sessions')}>{menu.say('sessions')}</a>
        </p>
      </Callout>
      <Panel title={words.say('title')} about={words.say('about')}>
        <Shown of={listed} lines={8}>
          {({ signIns }) =>
            signIns.length === 0 ? (
              <Empty title={words.say('emptyTitle')}>
                <p>{words.say('emptyText')}</p>
              </Empty>
            ) : (
              <SignIns signIns={signIns} />
            )
          }
        </Shown>
      </Panel>
    </>
  );
}

function SignIns({ signIns }: { readonly signIns: readonly SignIn[] }) {
  return (
    <Table
      label={menu.say('activity')}
      rows={signIns.map((signIn, place) => ({ ...signIn, place: String(place) }))}
      keyOf={({ place }) => place}
      columns={[
        { key: 'at', head: words.say('when'), cell: ({ at }) => <time dateTime={at}>{momentText(at)}</time> },
        { key: 'outcome', head: words.say('outcome'), cell: (signIn) => <Outcome {...signIn} /> },
        { key: 'how', head: words.say('how'), cell: (signIn) => <How {...signIn} /> },
        {
          key: 'device',
          head: ways.say('device'),
          cell: ({ device, door }) => (
            <>
              <span class="told">{deviceText(device)}</span>
              <span class="beneath">{doorText(door, device)}</span>
            </>
          ),
        },
        { key: 'address', head: words.say('address'), cell: ({ address }) => <bdi dir="ltr">{address}</bdi> },
      ]}
    />
  );
}

function Outcome({ done, kind }: SignIn) {
  if (!done) return <Tag kind="danger">{words.say('refused')}</Tag>;
  return <Tag>{words.say(kind === 'confirmation' ? 'confirmed' : 'done')}</Tag>;
}

function How({ done, kind, factor, code }: SignIn) {
  const told = done ? [] : [reasonOf(code ?? '')];
  if (kind !== undefined) told.push(kindOf(kind));
  if (factor !== undefined) told.push(words.say('withFactor', { factor: factorText(factor) }));
  const [first = '', ...others] = told;
  return (
    <>
      <span class="told">{first}</span>
      {others.map((other) => (
        <span key={other} class="beneath">
          {other}
        </span>
      ))}
    </>
  );
}

function kindOf(kind: string): string {
  switch (kind) {
    case 'password':
      return words.say('byPassword');
    case 'passkey':
      return words.say('byPasskey');
    case 'confirmation':
      return words.say('confirmation');
    default:
      return words.say('byProvider', { name: providerText(kind) });
  }
}

const reasons = {
  'wrong-credentials': 'wrongCredentials',
  'factor-wrong': 'factorWrong',
  'factor-code-wrong': 'factorWrong',
  'factor-code-void': 'factorWrong',
  'factor-required': 'factorMissing',
  'factor-attempts-spent': 'blocked',
  'account-blocked': 'blocked',
  'address-blocked': 'blocked',
  'account-closed': 'closed',
  'passkey-refused': 'passkeyRefused',
  'provider-refused': 'providerRefused',
} as const;

function reasonOf(code: string): string {
  return code in reasons ? words.say(reasons[code as keyof typeof reasons]) : words.say('otherReason', { code });
}
