import { useEffect, useState } from 'preact/hooks';
import type { SessionItem } from '../../../src/client/index.ts';
import { client } from '../../client.ts';
import { announce } from '../../parts/announce.tsx';
import { Button } from '../../parts/button.tsx';
import { Confirm } from '../../parts/dialog.tsx';
import { Pager } from '../../parts/pager.tsx';
import { Panel } from '../../parts/panel.tsx';
import { Empty, Shown } from '../../parts/states.tsx';
import { Table } from '../../parts/table.tsx';
import { Tag } from '../../parts/tag.tsx';
import { useLoaded } from '../../parts/use-loaded.ts';
import { When } from '../../parts/when.tsx';
import { usePerson } from '../../person.ts';
import { deviceText, doorText } from '../../ways.ts';
import { people as words } from '../../words/people.ts';
import { ways } from '../../words/ways.ts';
import type { OnePerson } from './one-person.ts';
import { judged } from './refusals.ts';
import { nameOf } from './state.tsx';

const count = 20;
const none = { sessions: [], total: 0 };

interface Props extends OnePerson {
  /** They are there: what asks for the same second factor can follow without asking again. */
  readonly onListed: () => void;
}

/** Where somebody is signed in. */
export function PersonSessions({ user, onListed }: Props) {
  const { may } = usePerson();
  const { _id: userId } = user;
  const [offset, setOffset] = useState(0);
  const [ending, setEnding] = useState<SessionItem | 'all' | undefined>(undefined);
  const maySee = may('view-device-management');
  const listed = useLoaded(
    async () => (maySee ? await client.get('sessions/list.all', { filter: userId, offset, count }) : none),
    String(offset),
  );
  const isListed = listed.value !== undefined;
  useEffect(() => {
    if (isListed) onListed();
  }, [isListed, onListed]);
  return (
    <Panel
      title={words.say('sessions')}
      about={words.say('sessionsAbout')}
      actions={
        may('logout-other-user') ? (
          <Button kind="secondary-danger" onClick={() => setEnding('all')}>
            {words.say('endAll')}
          </Button>
        ) : undefined
      }
    >
      {maySee ? (
        <Shown of={listed} lines={4}>
          {({ sessions, total }) => (
            <>
              {sessions.length === 0 ? (
                <Empty title={words.say('noSessions')} />
              ) : (
                <Table
                  label={words.say('sessions')}
                  rows={sessions}
                  keyOf={({ sessionId }) => sessionId}
                  columns={[
                    {
                      key: 'device',
                      head: ways.say('device'),
                      cell: ({ device, current }) => (
                        <div>
                          <span class="told">{deviceText(device)}</span>
                          {current ? <Tag kind="primary">{words.say('thisSession')}</Tag> : null}
                        </div>
                      ),
                    },
                    { key: 'door', head: words.say('by'), cell: ({ door }) => doorText(door) },
                    { key: 'ip', head: words.say('address'), cell: ({ ip }) => <bdi dir="ltr">{ip}</bdi> },
                    { key: 'since', head: words.say('signedIn'), cell: ({ loginAt }) => <When at={loginAt} /> },
                    {
                      key: 'seen',
                      head: words.say('lastSeen'),
                      cell: ({ lastActivityAt }) => <When at={lastActivityAt} />,
                    },
                    {
                      key: 'act',
                      head: words.say('act'),
                      atEnd: true,
                      cell: (session) =>
                        may('logout-device-management') && !session.current ? (
                          <Button
                            small
                            aria-label={words.say('endLabel', { device: deviceText(session.device) })}
                            onClick={() => setEnding(session)}
                          >
                            {words.say('end')}
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
      ) : null}
      {ending === undefined ? null : (
        <Confirm
          title={words.say(ending === 'all' ? 'endAllTitle' : 'endTitle', { name: nameOf(user) })}
          doIt={words.say(ending === 'all' ? 'endAll' : 'end')}
          onConfirm={async () => {
            if (ending === 'all') await judged(client.post('users.logout', { userId }));
            else await judged(client.post('sessions/logout', { sessionId: ending.sessionId }));
            announce(words.say('ended'));
            setOffset(0);
            listed.reload();
          }}
          onClose={() => setEnding(undefined)}
        >
          <p>
            {ending === 'all' ? words.say('endAllText') : words.say('endText', { device: deviceText(ending.device) })}
          </p>
        </Confirm>
      )}
    </Panel>
  );
}
