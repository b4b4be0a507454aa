import { useState } from 'preact/hooks';
import type { PersonalToken } from '../../../src/client/index.ts';
import { client } from '../../client.ts';
import { dayText } from '../../language.ts';
import { announce } from '../../parts/announce.tsx';
import { Button } from '../../parts/button.tsx';
import { Confirm } from '../../parts/dialog.tsx';
import { Pager } from '../../parts/pager.tsx';
import { Panel } from '../../parts/panel.tsx';
import { Empty, Shown } from '../../parts/states.tsx';
import { Table } from '../../parts/table.tsx';
import { useLoaded } from '../../parts/use-loaded.ts';
import { When } from '../../parts/when.tsx';
import { usePerson } from '../../person.ts';
import { people as words } from '../../words/people.ts';
import { shared } from '../../words/shared.ts';
import type { OnePerson } from './one-person.ts';
import { judged } from './refusals.ts';

const count = 20;

/** The personal access tokens of somebody. */
export function PersonTokens({ user }: OnePerson) {
  const { may } = usePerson();
  const { _id: userId } = user;
  const [offset, setOffset] = useState(0);
  const [ending, setEnding] = useState<PersonalToken | undefined>(undefined);
  const listed = useLoaded(
    async () => await client.get('personalTokens.list.all', { userId, offset, count }),
    String(offset),
  );
  return (
    <Panel title={words.say('tokens')} about={words.say('tokensAbout')}>
      <Shown of={listed} lines={3}>
        {({ tokens, total }) => (
          <>
            {tokens.length === 0 ? (
              <Empty title={words.say('noTokens')} />
            ) : (
              <Table
                label={words.say('tokens')}
                rows={tokens}
                keyOf={({ _id = '', name }) => `${_id} ${name}`}
                columns={[
                  {
                    key: 'name',
                    head: words.say('name'),
                    cell: ({ name, lastTokenPart }) => (
                      <div>
                        <bdi class="told">{name}</bdi>
                        <span class="beneath">
                          … <code dir="ltr">{lastTokenPart}</code>
                        </span>
                      </div>
                    ),
                  },
                  { key: 'created', head: words.say('tokenCreated'), cell: ({ createdAt }) => <When at={createdAt} /> },
                  {
                    key: 'used',
                    head: words.say('lastUsed'),
                    cell: ({ lastUsedAt }) =>
                      lastUsedAt === undefined ? shared.say('never') : <When at={lastUsedAt} />,
                  },
                  {
                    key: 'ends',
                    head: words.say('ends'),
                    cell: ({ expiresAt }) => (expiresAt === undefined ? shared.say('never') : dayText(expiresAt)),
                  },
                  {
                    key: 'act',
                    head: words.say('act'),
                    atEnd: true,
                    cell: (token) =>
                      may('logout-device-management') && token._id !== undefined ? (
                        <Button
                          small
                          aria-label={words.say('revokeLabel', { token: token.name })}
                          onClick={() => setEnding(token)}
                        >
                          {words.say('revoke')}
                        </Button>
                      ) : null,
                  },
                ]}
              />
            )}
            {total > count ? <Pager offset={offset} count={count} total={total} onGo={setOffset} /> : null}
          </>
        )}
      </Shown>
      {ending?._id === undefined ? null : (
        <Confirm
          title={words.say('revokeTitle', { token: ending.name })}
          doIt={words.say('revoke')}
          onConfirm={async () => {
            await judged(client.post('personalTokens.revoke', { tokenId: ending._id ?? '' }));
            announce(words.say('revoked'));
            listed.reload();
          }}
          onClose={() => setEnding(undefined)}
        >
          <p>{words.say('revokeText')}</p>
        </Confirm>
      )}
    </Panel>
  );
}
