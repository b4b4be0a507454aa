import '../style/account.css';
import { useState } from 'preact/hooks';
import type { PersonalToken } from '../../src/client/index.ts';
import { client } from '../client.ts';
import { dayText } from '../language.ts';
import { announce } from '../parts/announce.tsx';
import { Button } from '../parts/button.tsx';
import { Confirm } from '../parts/dialog.tsx';
import { Panel } from '../parts/panel.tsx';
import { Empty, Shown } from '../parts/states.tsx';
import { Table } from '../parts/table.tsx';
import { Tag } from '../parts/tag.tsx';
import { Title } from '../parts/title.tsx';
import { useLoaded } from '../parts/use-loaded.ts';
import { When } from '../parts/when.tsx';
import { menu } from '../words/menu.ts';
import { shared } from '../words/shared.ts';
import { tokens as words } from '../words/tokens.ts';
import { MadeToken } from './tokens/made.tsx';
import { MakeToken } from './tokens/make.tsx';

/** A text that is shown this once. */
interface Made {
  readonly name: string;
  readonly text: string;
}

/** What somebody is asked about before it is done. */
interface Asking {
  readonly what: 'renew' | 'remove';
  readonly name: string;
}

/** The personal access tokens of whoever is signed in. */
export default function Tokens() {
  const [isMaking, setMaking] = useState(false);
  const [asking, setAsking] = useState<Asking | undefined>(undefined);
  const [made, setMade] = useState<Made | undefined>(undefined);
  const listed = useLoaded(async () => await client.get('users.getPersonalAccessTokens', { details: true }));
  const show = (fresh: Made): void => {
    setMade(fresh);
    listed.reload();
  };
  return (
    <>
      <Title>{menu.say('tokens')}</Title>
      {made === undefined ? null : <MadeToken key={made.text} {...made} onDone={() => setMade(undefined)} />}
      <Panel
        title={words.say('list')}
        about={words.say('about')}
        actions={
          <Button kind="primary" icon="plus" onClick={() => setMaking(true)}>
            {words.say('create')}
          </Button>
        }
      >
        <Shown of={listed} lines={4}>
          {({ tokens }) =>
            tokens.length === 0 ? (
              <Empty title={words.say('emptyTitle')}>
                <p>{words.say('emptyText')}</p>
              </Empty>
            ) : (
              <TokenTable tokens={tokens} onAsk={setAsking} />
            )
          }
        </Shown>
      </Panel>
      {isMaking ? <MakeToken onMade={show} onClose={() => setMaking(false)} /> : null}
      {asking?.what === 'renew' ? (
        <Confirm
          title={words.say('renewTitle', { name: asking.name })}
          doIt={words.say('renew')}
          onClose={() => setAsking(undefined)}
          onConfirm={async () => {
            const { token } = await client.post('users.regeneratePersonalAccessToken', { tokenName: asking.name });
            show({ name: asking.name, text: token });
          }}
        >
          <p>{words.say('renewText')}</p>
        </Confirm>
      ) : null}
      {asking?.what === 'remove' ? (
        <Confirm
          title={words.say('removeTitle', { name: asking.name })}
          doIt={shared.say('remove')}
          onClose={() => setAsking(undefined)}
          onConfirm={async () => {
            await client.post('users.removePersonalAccessToken', { tokenName: asking.name });
            if (made?.name === asking.name) setMade(undefined);
            announce(words.say('removed'));
            listed.reload();
          }}
        >
          <p>{words.say('removeText')}</p>
        </Confirm>
      ) : null}
    </>
  );
}

function TokenTable({
  tokens,
  onAsk,
}: {
  readonly tokens: readonly PersonalToken[];
  readonly onAsk: (asking: Asking) => void;
}) {
  return (
    <Table
      label={words.say('list')}
      rows={tokens}
      keyOf={({ name }) => name}
      columns={[
        {
          key: 'name',
          head: words.say('name'),
          cell: ({ name, lastTokenPart }) => (
            <>
              <strong class="told">{name}</strong>
              <span class="beneath">{words.say('endsWith', { part: `\u2066${lastTokenPart}\u2069` })}</span>
            </>
          ),
        },
        { key: 'may', head: words.say('may'), cell: (token) => <May {...token} /> },
        { key: 'created', head: words.say('created'), cell: ({ createdAt }) => dayText(createdAt) },
        {
          key: 'used',
          head: words.say('used'),
          // One that was never used tells the moment that it was made.
          cell: ({ lastUsedAt, createdAt }) =>
            lastUsedAt === undefined || lastUsedAt === createdAt ? shared.say('never') : <When at={lastUsedAt} />,
        },
        {
          key: 'expires',
          head: words.say('expires'),
          cell: ({ expiresAt }) => (expiresAt === undefined ? shared.say('never') : <When at={expiresAt} />),
        },
        {
          key: 'act',
          head: words.say('act'),
          atEnd: true,
          cell: ({ name }) => (
            <div class="buttons buttons--end">
              <Button
                small
                aria-label={words.say('renewLabel', { name })}
                onClick={() => onAsk({ what: 'renew', name })}
              >
                {words.say('renew')}
              </Button>
              <Button
                small
                kind="secondary-danger"
                aria-label={words.say('removeLabel', { name })}
                onClick={() => onAsk({ what: 'remove', name })}
              >
                {shared.say('remove')}
              </Button>
            </div>
          ),
        },
      ]}
    />
  );
}

function May({ scopes, addresses, bypassTwoFactor }: PersonalToken) {
  return (
    <>
      {scopes === undefined ? (
        words.say('all')
      ) : scopes.length === 0 ? (
        words.say('readOnly')
      ) : (
        <details>
          <summary>{words.say('countScopes', { count: scopes.length })}</summary>
          <ul class="plain" dir="ltr">
            {scopes.map((scope) => (
              <li key={scope}>
                <code>{scope}</code>
              </li>
            ))}
          </ul>
        </details>
      )}
      {addresses === undefined ? null : (
        <span class="beneath">{words.say('origin', { addresses: `\u2066${addresses.join(', ')}\u2069` })}</span>
      )}
      {bypassTwoFactor ? (
        <span class="beneath">
          <Tag kind="warning">{words.say('bypass')}</Tag>
        </span>
      ) : null}
    </>
  );
}
