import '../style/account.css';
import { useState } from 'preact/hooks';
import type { JoinedIdentity } from '../../src/client/index.ts';
import { client } from '../client.ts';
import { dayText } from '../language.ts';
import { Button } from '../parts/button.tsx';
import { Panel } from '../parts/panel.tsx';
import { Empty, Shown } from '../parts/states.tsx';
import { Table } from '../parts/table.tsx';
import { Title } from '../parts/title.tsx';
import { useLoaded } from '../parts/use-loaded.ts';
import { When } from '../parts/when.tsx';
import { providerText } from '../ways.ts';
import { identities as words } from '../words/identities.ts';
import { menu } from '../words/menu.ts';
import { shared } from '../words/shared.ts';
import { ConsentsPanel } from './identities/consents.tsx';
import { beginLink, type CameBack, linkableServices, takeLink } from './identities/link-flow.ts';
import { Linking } from './identities/linking.tsx';
import { Unlink } from './identities/unlink.tsx';

/** The identities at providers that are linked with the account, and the applications that may speak for it. */
export default function Identities() {
  /** What the address brought back from a provider; taken out of it at once. */
  const [brought, setBrought] = useState<CameBack | undefined>(takeLink);
  const [parting, setParting] = useState<JoinedIdentity | undefined>(undefined);
  const listed = useLoaded(async () => (await client.get('identities.list')).identities);
  return (
    <>
      <Title>{menu.say('identities')}</Title>
      {brought === undefined ? null : (
        <Linking brought={brought} onLinked={listed.reload} onDone={() => setBrought(undefined)} />
      )}
      <Panel title={words.say('title')} about={words.say('about')}>
        <Shown of={listed}>
          {(identities) =>
            identities.length === 0 ? (
              <Empty title={words.say('emptyTitle')} />
            ) : (
              <IdentityTable identities={identities} onPart={setParting} />
            )
          }
        </Shown>
        <LinkAnother />
      </Panel>
      <ConsentsPanel />
      {parting === undefined ? null : (
        <Unlink identity={parting} onDone={listed.reload} onClose={() => setParting(undefined)} />
      )}
    </>
  );
}

function LinkAnother() {
  const services = linkableServices();
  if (services.length === 0) return <p class="quiet">{words.say('noServices')}</p>;
  return (
    <>
      <p>{words.say('linkText')}</p>
      <div class="buttons">
        {services.map((service) => (
          <Button key={service} icon="link" onClick={() => beginLink(service)}>
            {words.say('link', { name: providerText(service) })}
          </Button>
        ))}
      </div>
    </>
  );
}

function IdentityTable({
  identities,
  onPart,
}: {
  readonly identities: readonly JoinedIdentity[];
  readonly onPart: (identity: JoinedIdentity) => void;
}) {
  return (
    <Table
      label={menu.say('identities')}
      rows={identities}
      keyOf={({ provider, subject }) => `${provider} ${subject}`}
      columns={[
        {
          key: 'provider',
          head: words.say('provider'),
          cell: ({ provider }) => <strong class="told">{providerText(provider)}</strong>,
        },
        { key: 'name', head: words.say('name'), cell: (identity) => <NameThere {...identity} /> },
        { key: 'since', head: words.say('since'), cell: ({ linkedAt }) => dayText(linkedAt) },
        {
          key: 'used',
          head: words.say('used'),
          cell: ({ usedAt }) => (usedAt === undefined ? shared.say('never') : <When at={usedAt} />),
        },
        {
          key: 'act',
          head: words.say('act'),
          atEnd: true,
          cell: (identity) => (
            <Button
              small
              kind="secondary-danger"
              aria-label={words.say('unlinkLabel', { name: providerText(identity.provider) })}
              onClick={() => onPart(identity)}
            >
              {words.say('unlink')}
            </Button>
          ),
        },
      ]}
    />
  );
}

/** What the provider last told of the person, as far as it is for people; else what it calls them. */
function NameThere({ facts, subject }: JoinedIdentity) {
  const told = ['name', 'username', 'email'].flatMap((key) => facts[key] ?? []).filter((text) => text !== '');
  const [first = subject, ...others] = [...new Set(told)];
  return (
    <>
      <bdi class="told">{first}</bdi>
      {others.map((other) => (
        <bdi key={other} class="beneath">
          {other}
        </bdi>
      ))}
    </>
  );
}
