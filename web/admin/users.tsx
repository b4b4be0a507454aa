import '../style/account.css';
import './people/people.css';
import { useEffect, useState } from 'preact/hooks';
import { pageAt } from '../address.ts';
import { client } from '../client.ts';
import { numberText } from '../language.ts';
import { Field, SelectField } from '../parts/field.tsx';
import { Pager } from '../parts/pager.tsx';
import { Panel } from '../parts/panel.tsx';
import { Empty, Shown } from '../parts/states.tsx';
import { Title } from '../parts/title.tsx';
import { useLoaded } from '../parts/use-loaded.ts';
import { useSettled } from '../parts/use-settled.ts';
import { usePerson } from '../person.ts';
import { Opened, screen } from '../screen.tsx';
import type { SectionProps } from '../section.ts';
import { audit } from '../words/audit.ts';
import { auditKindWords } from '../words/audit-kinds.ts';
import { menu } from '../words/menu.ts';
import { newPassword } from '../words/new-password.ts';
import { people as words } from '../words/people.ts';
import { ways } from '../words/ways.ts';
import { count, keepInAddress, type LookedFor, lookedForInAddress, queryOf } from './people/looked-for.ts';
import { UserTable } from './people/user-table.tsx';

const newPerson = screen([newPassword], async () => await import('./people/new-person.tsx'));
const person = screen<{ readonly id: string }>(
  [audit, auditKindWords, newPassword, ways],
  async () => await import('./people/person.tsx'),
);

/** Everybody who has an account, one of them, or a new one. */
export default function Users({ id }: SectionProps) {
  if (id === undefined) return <UserList />;
  return id === 'new' ? <Opened of={newPerson} /> : <Opened key={id} of={person} id={id} />;
}

/** So many are found at most by each of the fields that are searched. */
const mostFound = 1_000;

function UserList() {
  const { may } = usePerson();
  const [looked, setLooked] = useState<LookedFor>(lookedForInAddress);
  const [typed, setTyped] = useState(looked.search);
  const search = useSettled(typed);
  useEffect(() => {
    setLooked((before) => (before.search === search ? before : { ...before, search, offset: 0 }));
  }, [search]);
  useEffect(() => keepInAddress(looked), [looked]);
  const listed = useLoaded(async () => await client.get('users.listByStatus', queryOf(looked)), JSON.stringify(looked));
  const roles = useLoaded(async () => (await client.get('roles.list')).roles);
  const ofServer = (roles.value ?? []).filter(({ scope }) => scope === 'Users');
  const names = new Map(ofServer.map(({ _id, name }) => [_id, name]));
  const choose = (chosen: Partial<LookedFor>): void => setLooked({ ...looked, ...chosen, offset: 0 });
  return (
    <>
      <div class="person-head">
        <Title>{menu.say('users')}</Title>
        {may('create-user') ? (
          <a href={pageAt('/admin/users/new')} class="rcx-box rcx-box--full rcx-button rcx-button--primary">
            <span class="rcx-button--content">{words.say('newPerson')}</span>
          </a>
        ) : null}
      </div>
      <div class="panel look" role="search">
        <Field
          label={words.say('search')}
          hint={words.say('searchHint')}
          type="search"
          name="search"
          value={typed}
          autocomplete="off"
          spellcheck={false}
          dir="auto"
          onInput={({ currentTarget }) => setTyped(currentTarget.value)}
        />
        <SelectField
          label={words.say('state')}
          name="state"
          value={looked.state}
          options={[
            { value: 'all', label: words.say('stateAll') },
            { value: 'open', label: words.say('stateOpen') },
            { value: 'closed', label: words.say('stateClosed') },
            { value: 'waiting', label: words.say('stateWaiting') },
            { value: 'idle', label: words.say('stateIdle') },
          ]}
          onChange={({ currentTarget }) => choose({ state: currentTarget.value as LookedFor['state'] })}
        />
        <SelectField
          label={words.say('role')}
          name="role"
          value={looked.role}
          options={[
            { value: '', label: words.say('roleAll') },
            ...ofServer.map(({ _id, name }) => ({ value: _id, label: name })),
          ]}
          onChange={({ currentTarget }) => choose({ role: currentTarget.value })}
        />
        <SelectField
          label={words.say('order')}
          name="order"
          value={looked.order}
          options={[
            { value: 'username', label: words.say('orderUsername') },
            { value: 'name', label: words.say('orderName') },
            { value: 'newest', label: words.say('orderNewest') },
            { value: 'lastSignIn', label: words.say('orderLastSignIn') },
          ]}
          onChange={({ currentTarget }) => choose({ order: currentTarget.value as LookedFor['order'] })}
        />
      </div>
      <Panel title={words.say('list')}>
        <Shown of={listed} lines={10}>
          {({ users, total }) => (
            <div class="listed" aria-busy={listed.isLoading}>
              <p class="quiet" role="status">
                {words.say('found', { count: total })}
                {looked.search.trim() !== '' && total >= mostFound
                  ? ` ${words.say('mostFound', { most: numberText(mostFound) })}`
                  : ''}
              </p>
              {users.length === 0 ? (
                <Empty title={words.say('noneTitle')}>
                  <p>{words.say('noneText')}</p>
                </Empty>
              ) : (
                <UserTable users={users} roleNames={names} onChanged={listed.reload} />
              )}
              {total > count || looked.offset > 0 ? (
                <Pager
                  offset={looked.offset}
                  count={count}
                  total={total}
                  onGo={(offset) => {
                    setLooked({ ...looked, offset });
                    document.getElementById('content')?.scrollIntoView({ block: 'start' });
                  }}
                />
              ) : null}
            </div>
          )}
        </Shown>
      </Panel>
    </>
  );
}
