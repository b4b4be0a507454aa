import { useState } from 'preact/hooks';
import type { AuditEntry } from '../../../src/client/index.ts';
import { pageAt } from '../../address.ts';
import { exactText } from '../../language.ts';
import { Button } from '../../parts/button.tsx';
import { SelectField } from '../../parts/field.tsx';
import { Panel } from '../../parts/panel.tsx';
import { Empty, Shown } from '../../parts/states.tsx';
import { Table } from '../../parts/table.tsx';
import { useLoaded } from '../../parts/use-loaded.ts';
import { audit } from '../../words/audit.ts';
import { auditKindText } from '../../words/audit-kinds.ts';
import { people as words } from '../../words/people.ts';
import { Account } from '../audit-account.tsx';
import { AuditEntryDialog } from '../audit-entry.tsx';
import { anything } from '../audit-filter.ts';
import { fetchEntries } from '../audit-page.ts';
import { Outcome } from '../outcome.tsx';
import type { OnePerson } from './one-person.ts';

/** The last sign-ins to somebody's account, and what else happened to it. */
export function Activity({ user }: OnePerson) {
  const [what, setWhat] = useState('log-in');
  // Where each page began that was seen before this one.
  const [cursors, setCursors] = useState<readonly (string | undefined)[]>([undefined]);
  const [opened, setOpened] = useState<AuditEntry | undefined>(undefined);
  const cursor = cursors.at(-1);
  const named = `id:${user._id}`;
  const loaded = useLoaded(
    async () => await fetchEntries({ ...anything, user: named, what }, cursor),
    `${what} ${cursor ?? ''}`,
  );
  return (
    <Panel title={words.say('activity')}>
      <div class="look look--one">
        <SelectField
          label={words.say('show')}
          name="what"
          value={what}
          options={[
            { value: 'log-in', label: words.say('showSignIns') },
            { value: '', label: words.say('showAll') },
          ]}
          onChange={({ currentTarget }) => {
            setWhat(currentTarget.value);
            setCursors([undefined]);
          }}
        />
      </div>
      <Shown of={loaded} lines={6}>
        {({ entries, names, next }) => (
          <div class="listed" aria-busy={loaded.isLoading}>
            {entries.length === 0 ? (
              <Empty title={words.say('noActivity')} />
            ) : (
              <Table
                label={words.say('activity')}
                rows={entries}
                keyOf={({ at, seal, what: kind }) => `${at} ${seal ?? ''} ${kind}`}
                columns={[
                  {
                    key: 'at',
                    head: audit.say('at'),
                    cell: ({ at }) => <time dateTime={at}>{exactText(at)}</time>,
                  },
                  {
                    key: 'what',
                    head: audit.say('what'),
                    cell: (entry) => (
                      <button type="button" class="link" onClick={() => setOpened(entry)}>
                        {auditKindText(entry.what)}
                      </button>
                    ),
                  },
                  { key: 'outcome', head: audit.say('outcome'), cell: ({ outcome }) => <Outcome outcome={outcome} /> },
                  {
                    key: 'actor',
                    head: audit.say('actor'),
                    cell: ({ actorId, door }) => <Account id={actorId} names={names} door={door} />,
                  },
                  {
                    key: 'address',
                    head: audit.say('address'),
                    cell: ({ address }) => <bdi dir="ltr">{address === '' ? '–' : address}</bdi>,
                  },
                ]}
              />
            )}
            <div class="buttons">
              {cursors.length === 1 && next === undefined ? null : (
                <>
                  <Button small disabled={cursors.length === 1} onClick={() => setCursors(cursors.slice(0, -1))}>
                    {audit.say('newer')}
                  </Button>
                  <Button small disabled={next === undefined} onClick={() => setCursors([...cursors, next])}>
                    {audit.say('older')}
                  </Button>
                </>
              )}
              <a href={pageAt(`/admin/audit?user=${encodeURIComponent(user.username ?? named)}`)}>
                {words.say('inAuditLog')}
              </a>
            </div>
            {opened === undefined ? null : (
              <AuditEntryDialog entry={opened} names={names} onClose={() => setOpened(undefined)} />
            )}
          </div>
        )}
      </Shown>
    </Panel>
  );
}
