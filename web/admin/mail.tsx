import './mail.css';
import { useId, useState } from 'preact/hooks';
import type { OutboxItem } from '../../src/client/index.ts';
import { client } from '../client.ts';
import { numberText } from '../language.ts';
import { announce } from '../parts/announce.tsx';
import { Callout } from '../parts/callout.tsx';
import { Confirm } from '../parts/dialog.tsx';
import { Pager } from '../parts/pager.tsx';
import { Panel } from '../parts/panel.tsx';
import { Empty, Shown } from '../parts/states.tsx';
import { Table } from '../parts/table.tsx';
import { Tag } from '../parts/tag.tsx';
import { Title } from '../parts/title.tsx';
import { useEvery } from '../parts/use-every.ts';
import { useLoaded } from '../parts/use-loaded.ts';
import { When } from '../parts/when.tsx';
import { usePerson } from '../person.ts';
import { mail as words } from '../words/mail.ts';
import { menu } from '../words/menu.ts';
import { AdminLink } from './link.tsx';
import { MailActions } from './mail-actions.tsx';
import { MailTest } from './mail-test.tsx';

const pageSize = 50;
const everyMs = 15_000;

const states = ['waiting', 'failed', 'kept', 'sent'] as const satisfies readonly OutboxItem['state'][];
const tags = { waiting: 'primary', failed: 'danger', kept: 'warning', sent: 'secondary' } as const;

/** What became of the mails, and what one can do about those that did not go out. */
export default function Mail() {
  const { may } = usePerson();
  const [state, setState] = useState<OutboxItem['state'] | undefined>(undefined);
  const [offset, setOffset] = useState(0);
  const [removing, setRemoving] = useState<OutboxItem | undefined>(undefined);
  const loaded = useLoaded(
    async () => await client.get('mails.list', { ...(state === undefined ? {} : { state }), offset, count: pageSize }),
    `${state ?? ''} ${offset}`,
  );
  useEvery(everyMs, loaded.reload);
  const mayAct = may('edit-privileged-setting');
  return (
    <>
      <Title>{menu.say('mail')}</Title>
      {loaded.value?.serverSet === false ? (
        <Callout kind="warning" title={words.say('noServer')}>
          <p>{words.say('noServerAbout')}</p>
          <p class="buttons">
            <AdminLink to="settings" id="SMTP_Host">
              {words.say('setServer')}
            </AdminLink>
          </p>
        </Callout>
      ) : null}
      {mayAct ? <MailTest onSent={loaded.reload} /> : null}
      <Panel
        title={words.say('outbox')}
        about={words.say('outboxAbout')}
        actions={
          <Choice
            state={state}
            onState={(next) => {
              setOffset(0);
              setState(next);
            }}
          />
        }
      >
        <Shown of={loaded} lines={6}>
          {({ mails, total }) => (
            <>
              {mails.length === 0 ? (
                <Empty title={words.say(state === undefined ? 'none' : 'noneSuch')} />
              ) : (
                <Table
                  label={words.say('outbox')}
                  rows={mails}
                  keyOf={({ id }) => id}
                  columns={[
                    {
                      key: 'to',
                      head: words.say('to'),
                      cell: ({ recipient, subject }) => (
                        <div>
                          <bdi class="mail__to">{recipient}</bdi>
                          <span class="mail__about">{subject}</span>
                        </div>
                      ),
                    },
                    { key: 'state', head: words.say('state'), cell: (mail) => <State mail={mail} /> },
                    { key: 'tries', head: words.say('tries'), atEnd: true, cell: ({ tries }) => numberText(tries) },
                    { key: 'at', head: words.say('at'), cell: ({ at }) => <When at={at} /> },
                    ...(mayAct
                      ? [
                          {
                            key: 'act',
                            head: words.say('act'),
                            atEnd: true,
                            cell: (mail: OutboxItem) => (
                              <MailActions mail={mail} onRemove={() => setRemoving(mail)} onRetried={loaded.reload} />
                            ),
                          },
                        ]
                      : []),
                  ]}
                />
              )}
              <Pager offset={offset} count={pageSize} total={total} onGo={setOffset} />
            </>
          )}
        </Shown>
      </Panel>
      {removing === undefined ? null : (
        <Confirm
          title={words.say('removeTitle')}
          doIt={words.say('removeIt')}
          onClose={() => setRemoving(undefined)}
          onConfirm={async () => {
            await client.post('mails.remove', { id: removing.id });
            announce(words.say('removed'));
            loaded.reload();
          }}
        >
          <p>
            {words.say(removing.state === 'sent' ? 'removeSent' : 'removeAbout', {
              to: removing.recipient,
              subject: removing.subject,
            })}
          </p>
        </Confirm>
      )}
    </>
  );
}

/** Which mails are listed. */
function Choice({
  state,
  onState,
}: {
  readonly state: OutboxItem['state'] | undefined;
  readonly onState: (state: OutboxItem['state'] | undefined) => void;
}) {
  const id = useId();
  return (
    <div class="mail__choice">
      <label for={id}>{words.say('listed')}</label>
      <select
        id={id}
        class="preferences__choice"
        value={state ?? ''}
        onChange={({ currentTarget: { value } }) => onState(states.find((one) => one === value))}
      >
        <option value="">{words.say('all')}</option>
        {states.map((one) => (
          <option key={one} value={one}>
            {words.say(one)}
          </option>
        ))}
      </select>
    </div>
  );
}

function State({ mail }: { readonly mail: OutboxItem }) {
  const { state, sentAt, nextTryAt, lastError } = mail;
  return (
    <div class="mail__state">
      <Tag kind={tags[state]}>{words.say(state)}</Tag>
      {sentAt === undefined ? null : <When at={sentAt} />}
      {nextTryAt === undefined ? null : (
        <span class="mail__about">
          {words.say('nextTry')} <When at={nextTryAt} />
        </span>
      )}
      {state === 'kept' ? <span class="mail__about">{words.say('keptAbout')}</span> : null}
      {lastError === undefined || state === 'sent' ? null : <bdi class="mail__error">{lastError}</bdi>}
    </div>
  );
}
