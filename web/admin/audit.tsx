import './audit.css';
import { useEffect, useState } from 'preact/hooks';
import type { AuditEntry } from '../../src/client/index.ts';
import { exactText } from '../language.ts';
import { Button } from '../parts/button.tsx';
import { Panel } from '../parts/panel.tsx';
import { Empty, Shown } from '../parts/states.tsx';
import { Table } from '../parts/table.tsx';
import { Title } from '../parts/title.tsx';
import { useLoaded } from '../parts/use-loaded.ts';
import { audit as words } from '../words/audit.ts';
import { auditKindText } from '../words/audit-kinds.ts';
import { menu } from '../words/menu.ts';
import { Account } from './audit-account.tsx';
import { AuditEntryDialog } from './audit-entry.tsx';
import { AuditExport } from './audit-export.tsx';
import { type AuditFilter, filterInAddress, keepInAddress } from './audit-filter.ts';
import { AuditFilterForm } from './audit-filter-form.tsx';
import { fetchEntries } from './audit-page.ts';
import { Outcome } from './outcome.tsx';

/** What happened to which account. */
export default function Audit() {
  const [filter, setFilter] = useState<AuditFilter>(filterInAddress);
  // Where each page began that was seen before this one.
  const [cursors, setCursors] = useState<readonly (string | undefined)[]>([undefined]);
  const [opened, setOpened] = useState<AuditEntry | undefined>(undefined);
  const cursor = cursors.at(-1);
  const loaded = useLoaded(async () => await fetchEntries(filter, cursor), JSON.stringify([filter, cursor ?? null]));
  useEffect(() => keepInAddress(filter), [filter]);
  const go = (to: readonly (string | undefined)[]): void => {
    setCursors(to);
    document.getElementById('content')?.scrollIntoView({ block: 'start' });
  };
  return (
    <>
      <Title>{menu.say('audit')}</Title>
      <AuditFilterForm
        filter={filter}
        onFilter={(next) => {
          setCursors([undefined]);
          setFilter(next);
        }}
      />
      <Panel
        title={words.say('entries')}
        about={words.say('about')}
        actions={<AuditExport key={JSON.stringify(filter)} filter={filter} />}
      >
        <Shown of={loaded} lines={10}>
          {({ entries, names, next }) => (
            <>
              {entries.length === 0 ? (
                <Empty title={words.say('none')}>
                  <p>{words.say('noneAbout')}</p>
                </Empty>
              ) : (
                <Table
                  label={words.say('entries')}
                  rows={entries}
                  keyOf={({ at, seal, what, accountId }) => `${at} ${seal ?? ''} ${what} ${accountId ?? ''}`}
                  columns={[
                    {
                      key: 'at',
                      head: words.say('at'),
                      cell: ({ at }) => (
                        <time dateTime={at} class="moment">
                          {exactText(at)}
                        </time>
                      ),
                    },
                    {
                      key: 'what',
                      head: words.say('what'),
                      cell: (entry) => (
                        <button type="button" class="link audit__open" onClick={() => setOpened(entry)}>
                          {auditKindText(entry.what)}
                        </button>
                      ),
                    },
                    {
                      key: 'outcome',
                      head: words.say('outcome'),
                      cell: ({ outcome }) => <Outcome outcome={outcome} />,
                    },
                    {
                      key: 'account',
                      head: words.say('account'),
                      cell: ({ accountId }) => <Account id={accountId} names={names} />,
                    },
                    {
                      key: 'actor',
                      head: words.say('actor'),
                      cell: ({ actorId, door }) => <Account id={actorId} names={names} door={door} />,
                    },
                    {
                      key: 'address',
                      head: words.say('address'),
                      cell: ({ address }) => <bdi dir="ltr">{address === '' ? '–' : address}</bdi>,
                    },
                  ]}
                />
              )}
              {cursors.length === 1 && next === undefined ? null : (
                <nav class="pager" aria-label={words.say('pages')}>
                  <span>{words.say('page', { page: cursors.length })}</span>
                  <Button
                    small
                    icon="chevron-left-big"
                    disabled={cursors.length === 1}
                    onClick={() => go(cursors.slice(0, -1))}
                  >
                    {words.say('newer')}
                  </Button>
                  <Button
                    small
                    icon="chevron-right-big"
                    disabled={next === undefined}
                    onClick={() => go([...cursors, next])}
                  >
                    {words.say('older')}
                  </Button>
                </nav>
              )}
              {opened === undefined ? null : (
                <AuditEntryDialog entry={opened} names={names} onClose={() => setOpened(undefined)} />
              )}
            </>
          )}
        </Shown>
      </Panel>
    </>
  );
}
