import '../style/settings.css';
import { useState } from 'preact/hooks';
import type { OauthApplication } from '../../src/client/index.ts';
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
import { applications as words } from '../words/applications.ts';
import { menu } from '../words/menu.ts';
import { shared } from '../words/shared.ts';
import { askedOf } from './applications/asked.ts';
import { EditApplication } from './applications/edit.tsx';
import { ForPrograms } from './applications/for-programs.tsx';
import { Keys } from './applications/keys.tsx';

/** What is open in front of the list. */
interface Open {
  readonly what: 'edit' | 'keys' | 'switch' | 'remove';
  readonly application: OauthApplication;
}

/** The applications whose people sign in here. */
export default function Applications() {
  const listed = useLoaded(async () => await client.get('oauth-apps.list'));
  const [open, setOpen] = useState<Open | undefined>(undefined);
  const [isMaking, setMaking] = useState(false);
  const close = (): void => setOpen(undefined);
  const make = (
    <Button kind="primary" icon="plus" onClick={() => setMaking(true)}>
      {words.say('create')}
    </Button>
  );
  return (
    <>
      <Title>{menu.say('applications')}</Title>
      <Panel title={words.say('list')} about={words.say('about')} actions={make}>
        <Shown of={listed} lines={4}>
          {({ oauthApps }) =>
            oauthApps.length === 0 ? (
              <Empty title={words.say('emptyTitle')}>
                <p>{words.say('emptyText')}</p>
              </Empty>
            ) : (
              <List applications={oauthApps} onOpen={setOpen} onSwitchedOn={listed.reload} />
            )
          }
        </Shown>
      </Panel>
      <ForPrograms />
      {isMaking ? (
        <EditApplication
          onClose={() => setMaking(false)}
          onSaved={(application) => {
            listed.reload();
            setOpen({ what: 'keys', application });
          }}
        />
      ) : null}
      {open?.what === 'edit' ? (
        <EditApplication application={open.application} onClose={close} onSaved={listed.reload} />
      ) : null}
      {open?.what === 'keys' ? <Keys application={open.application} onClose={close} /> : null}
      {open?.what === 'switch' ? (
        <Confirm
          title={words.say('offTitle', { name: open.application.name })}
          doIt={words.say('offIt')}
          onClose={close}
          onConfirm={async () => {
            await switchTo(open.application, false);
            listed.reload();
          }}
        >
          <p>{words.say('offText')}</p>
        </Confirm>
      ) : null}
      {open?.what === 'remove' ? (
        <Confirm
          title={words.say('removeTitle', { name: open.application.name })}
          doIt={words.say('removeIt')}
          onClose={close}
          onConfirm={async () => {
            await client.post('oauth-apps.delete', { appId: open.application._id });
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

async function switchTo(application: OauthApplication, active: boolean): Promise<void> {
  await client.post('oauth-apps.update', { appId: application._id, ...askedOf(application), active });
  announce(words.say(active ? 'switchedOn' : 'switchedOff'));
}

function List({
  applications,
  onOpen,
  onSwitchedOn,
}: {
  readonly applications: readonly OauthApplication[];
  readonly onOpen: (open: Open) => void;
  readonly onSwitchedOn: () => void;
}) {
  return (
    <Table
      label={words.say('list')}
      rows={applications}
      keyOf={({ _id }) => _id}
      columns={[
        {
          key: 'name',
          head: words.say('name'),
          cell: ({ name, clientId }) => (
            <>
              <strong class="application__name" dir="auto">
                {name}
              </strong>
              <code class="application__id" dir="ltr">
                {clientId}
              </code>
            </>
          ),
        },
        {
          key: 'kind',
          head: words.say('kind'),
          cell: ({ publicClient }) => words.say(publicClient === true ? 'public' : 'confidential'),
        },
        {
          key: 'state',
          head: words.say('state'),
          cell: ({ active }) => (
            <Tag kind={active ? 'primary' : 'secondary'}>{words.say(active ? 'active' : 'inactive')}</Tag>
          ),
        },
        { key: 'made', head: words.say('made'), cell: ({ _createdAt }) => dayText(_createdAt) },
        {
          key: 'act',
          head: words.say('act'),
          atEnd: true,
          cell: (application) => <Acts application={application} onOpen={onOpen} onSwitchedOn={onSwitchedOn} />,
        },
      ]}
    />
  );
}

function Acts({
  application,
  onOpen,
  onSwitchedOn,
}: {
  readonly application: OauthApplication;
  readonly onOpen: (open: Open) => void;
  readonly onSwitchedOn: () => void;
}) {
  const { name, active } = application;
  const open = (what: Open['what']) => (): void => onOpen({ what, application });
  return (
    <div class="buttons buttons--end">
      <Button small aria-label={words.say('keysLabel', { name })} onClick={open('keys')}>
        {words.say('keys')}
      </Button>
      <Button small aria-label={words.say('editLabel', { name })} onClick={open('edit')}>
        {shared.say('edit')}
      </Button>
      {active ? (
        <Button small aria-label={words.say('offLabel', { name })} onClick={open('switch')}>
          {words.say('offIt')}
        </Button>
      ) : (
        <Button
          small
          aria-label={words.say('onLabel', { name })}
          onClick={() => void switchTo(application, true).then(onSwitchedOn, onSwitchedOn)}
        >
          {words.say('onIt')}
        </Button>
      )}
      <Button small kind="secondary-danger" aria-label={words.say('removeLabel', { name })} onClick={open('remove')}>
        {words.say('delete')}
      </Button>
    </div>
  );
}
