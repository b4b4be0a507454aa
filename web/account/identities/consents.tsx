import { useState } from 'preact/hooks';
import { client } from '../../client.ts';
import { dayText } from '../../language.ts';
import { announce } from '../../parts/announce.tsx';
import { Button } from '../../parts/button.tsx';
import { Confirm } from '../../parts/dialog.tsx';
import { Panel } from '../../parts/panel.tsx';
import { Empty, Shown } from '../../parts/states.tsx';
import { Table } from '../../parts/table.tsx';
import { useLoaded } from '../../parts/use-loaded.ts';
import { identities as words } from '../../words/identities.ts';

interface Application {
  readonly clientId: string;
  readonly name: string;
}

/** The applications that may speak for whoever is signed in. */
export function ConsentsPanel() {
  const listed = useLoaded(async () => (await client.get('applications.consents')).consents);
  const [leaving, setLeaving] = useState<Application | undefined>(undefined);
  return (
    <Panel title={words.say('applications')} about={words.say('applicationsAbout')}>
      <Shown of={listed}>
        {(consents) =>
          consents.length === 0 ? (
            <Empty title={words.say('noApplications')} />
          ) : (
            <Table
              label={words.say('applications')}
              rows={consents}
              keyOf={({ clientId }) => clientId}
              columns={[
                {
                  key: 'name',
                  head: words.say('application'),
                  cell: ({ name }) => <strong class="told">{name}</strong>,
                },
                { key: 'given', head: words.say('given'), cell: ({ givenAt }) => dayText(givenAt) },
                {
                  key: 'act',
                  head: words.say('act'),
                  atEnd: true,
                  cell: (application) => (
                    <Button
                      small
                      kind="secondary-danger"
                      aria-label={words.say('withdrawLabel', { name: application.name })}
                      onClick={() => setLeaving(application)}
                    >
                      {words.say('withdraw')}
                    </Button>
                  ),
                },
              ]}
            />
          )
        }
      </Shown>
      {leaving === undefined ? null : (
        <Confirm
          title={words.say('withdrawTitle', { name: leaving.name })}
          doIt={words.say('withdraw')}
          onClose={() => setLeaving(undefined)}
          onConfirm={async () => {
            await client.post('applications.withdraw', { clientId: leaving.clientId });
            announce(words.say('withdrawn'));
            listed.reload();
          }}
        >
          <p>{words.say('withdrawText')}</p>
        </Confirm>
      )}
    </Panel>
  );
}
