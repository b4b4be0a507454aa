import '../style/account.css';
import { useState } from 'preact/hooks';
import type { SessionItem } from '../../src/client/index.ts';
import { pageAt } from '../address.ts';
import { client } from '../client.ts';
import { announce } from '../parts/announce.tsx';
import { Button } from '../parts/button.tsx';
import { Callout } from '../parts/callout.tsx';
import { Confirm } from '../parts/dialog.tsx';
import { Pager } from '../parts/pager.tsx';
import { Panel } from '../parts/panel.tsx';
import { Shown } from '../parts/states.tsx';
import { Table } from '../parts/table.tsx';
import { Tag } from '../parts/tag.tsx';
import { Title } from '../parts/title.tsx';
import { useLoaded } from '../parts/use-loaded.ts';
import { When } from '../parts/when.tsx';
import { deviceText, doorText, factorText } from '../ways.ts';
import { menu } from '../words/menu.ts';
import { sessions as words } from '../words/sessions.ts';
import { ways } from '../words/ways.ts';

const count = 20;

/** What a person is asked before it ends: one session, all others, or all. */
type Ending = SessionItem | 'others' | 'all';

/** The sessions of whoever is signed in. */
export default function Sessions() {
  const [offset, setOffset] = useState(0);
  const [ending, setEnding] = useState<Ending | undefined>(undefined);
  const listed = useLoaded(async () => await client.get('sessions/list', { offset, count }), String(offset));
  return (
    <>
      <Title>{menu.say('sessions')}</Title>
      <Panel
        title={words.say('list')}
        about={words.say('about')}
        actions={
          <>
            <Button onClick={() => setEnding('others')}>{words.say('endOthers')}</Button>
            <Button kind="secondary-danger" onClick={() => setEnding('all')}>
              {words.say('endAll')}
            </Button>
          </>
        }
      >
        <Shown of={listed} lines={5}>
          {({ sessions, total }) => (
            <>
              <Table
                label={words.say('list')}
                rows={sessions}
                keyOf={({ sessionId }) => sessionId}
                columns={[
                  { key: 'device', head: ways.say('device'), cell: (session) => <DeviceCell {...session} /> },
                  { key: 'door', head: words.say('door'), cell: (session) => <DoorCell {...session} /> },
                  { key: 'ip', head: words.say('address'), cell: ({ ip }) => <bdi dir="ltr">{ip}</bdi> },
                  { key: 'since', head: words.say('since'), cell: ({ loginAt }) => <When at={loginAt} /> },
                  {
                    key: 'seen',
                    head: words.say('seen'),
                    cell: ({ current, lastActivityAt }) => (current ? words.say('now') : <When at={lastActivityAt} />),
                  },
                  {
                    key: 'act',
                    head: words.say('act'),
                    atEnd: true,
                    cell: (session) =>
                      session.current ? null : (
                        <Button
                          small
                          aria-label={words.say('endOneLabel', { device: deviceText(session.device) })}
                          onClick={() => setEnding(session)}
                        >
                          {words.say('endOne')}
                        </Button>
                      ),
                  },
                ]}
              />
              {total > count ? <Pager offset={offset} count={count} total={total} onGo={setOffset} /> : null}
            </>
          )}
        </Shown>
      </Panel>
      <Callout kind="info" title={words.say('notMine')}>
        <p>{words.say('notMineText')}</p>
        <p>
          <a href={pageAt('/account/security')}>{menu.say('security')}</a>
        </p>
      </Callout>
      {ending === undefined ? null : (
        <AskToEnd
          ending={ending}
          onDone={() => {
            announce(words.say('ended'));
            setOffset(0);
            listed.reload();
          }}
          onClose={() => setEnding(undefined)}
        />
      )}
    </>
  );
}

function DeviceCell({ device, current }: SessionItem) {
  return (
    <>
      <strong class="told">{deviceText(device)}</strong>
      {current ? <Tag kind="primary">{words.say('current')}</Tag> : null}
    </>
  );
}

function DoorCell({ door, device, factor }: SessionItem) {
  return (
    <>
      <span class="told">{doorText(door, device)}</span>
      {factor === undefined ? null : <span class="beneath">{words.say('factor', { factor: factorText(factor) })}</span>}
    </>
  );
}

interface AskProps {
  readonly ending: Ending;
  readonly onDone: () => void;
  readonly onClose: () => void;
}

/** Says what will happen, and does it. */
function AskToEnd({ ending, onDone, onClose }: AskProps) {
  if (ending === 'all') {
    return (
      <Confirm
        title={words.say('endAllTitle')}
        doIt={words.say('endAll')}
        onClose={onClose}
        onConfirm={async () => {
          await client.post('users.logout');
          location.assign(pageAt('/sign-in'));
        }}
      >
        <p>{words.say('endAllText')}</p>
      </Confirm>
    );
  }
  if (ending === 'others') {
    return (
      <Confirm
        title={words.say('endOthersTitle')}
        doIt={words.say('endOthers')}
        onClose={onClose}
        onConfirm={async () => {
          await client.post('users.removeOtherTokens');
          onDone();
        }}
      >
        <p>{words.say('endOthersText')}</p>
      </Confirm>
    );
  }
  return (
    <Confirm
      title={words.say('endOneTitle')}
      doIt={words.say('endOne')}
      onClose={onClose}
      onConfirm={async () => {
        await client.post('sessions/logout.me', { sessionId: ending.sessionId });
        onDone();
      }}
    >
      <p>{words.say('endOneText', { device: deviceText(ending.device) })}</p>
    </Confirm>
  );
}
