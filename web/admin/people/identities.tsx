import { useState } from 'preact/hooks';
import type { JoinedIdentity } from '../../../src/client/index.ts';
import { client } from '../../client.ts';
import { announce } from '../../parts/announce.tsx';
import { Button } from '../../parts/button.tsx';
import { Confirm } from '../../parts/dialog.tsx';
import { Panel } from '../../parts/panel.tsx';
import { Empty, Shown } from '../../parts/states.tsx';
import { Table } from '../../parts/table.tsx';
import { useLoaded } from '../../parts/use-loaded.ts';
import { When } from '../../parts/when.tsx';
import { usePerson } from '../../person.ts';
import { providerText } from '../../ways.ts';
import { people as words } from '../../words/people.ts';
import { shared } from '../../words/shared.ts';
import type { RankedPerson } from './one-person.ts';
import { judged } from './refusals.ts';
import { nameOf } from './state.tsx';

/** The accounts elsewhere with which somebody signs in. */
export function Identities({ user, isAbove }: RankedPerson) {
  const { may } = usePerson();
  const { _id: userId } = user;
  const [leaving, setLeaving] = useState<JoinedIdentity | undefined>(undefined);
  const listed = useLoaded(async () => (await client.get('identities.list', { userId })).identities);
  const mayPart = may('edit-other-user-info') && !isAbove;
  return (
    <Panel title={words.say('identities')} about={words.say('identitiesAbout')}>
      <Shown of={listed} lines={2}>
        {(identities) =>
          identities.length === 0 ? (
            <Empty title={words.say('noIdentities')} />
          ) : (
            <Table
              label={words.say('identities')}
              rows={identities}
              keyOf={({ provider, subject }) => `${provider} ${subject}`}
              columns={[
                { key: 'provider', head: words.say('provider'), cell: ({ provider }) => providerText(provider) },
                { key: 'name', head: words.say('nameThere'), cell: (identity) => <bdi>{nameThere(identity)}</bdi> },
                { key: 'since', head: words.say('linked'), cell: ({ linkedAt }) => <When at={linkedAt} /> },
                {
                  key: 'used',
                  head: words.say('lastUsed'),
                  cell: ({ usedAt }) => (usedAt === undefined ? shared.say('never') : <When at={usedAt} />),
                },
                {
                  key: 'act',
                  head: words.say('act'),
                  atEnd: true,
                  cell: (identity) =>
                    mayPart ? (
                      <Button
                        small
                        aria-label={words.say('unlinkLabel', { provider: providerText(identity.provider) })}
                        onClick={() => setLeaving(identity)}
                      >
                        {words.say('unlink')}
                      </Button>
                    ) : null,
                },
              ]}
            />
          )
        }
      </Shown>
      {leaving === undefined ? null : (
        <Confirm
          title={words.say('unlinkTitle', { provider: providerText(leaving.provider), name: nameOf(user) })}
          doIt={words.say('unlink')}
          onConfirm={async () => {
            const { provider, subject } = leaving;
            await judged(client.post('identities.unlink', { userId, provider, subject }));
            announce(words.say('unlinked'));
            listed.reload();
          }}
          onClose={() => setLeaving(undefined)}
        >
          <p>{words.say('unlinkText')}</p>
        </Confirm>
      )}
    </Panel>
  );
}

/** What the provider last called the person, else what it calls them for ever. */
function nameThere({ facts, subject }: JoinedIdentity): string {
  return facts['username'] ?? facts['email'] ?? facts['name'] ?? subject;
}
