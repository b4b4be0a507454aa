import { useId, useState } from 'preact/hooks';
import type { GetEndpoints, Role } from '../../../src/client/index.ts';
import { client } from '../../client.ts';
import { announce } from '../../parts/announce.tsx';
import { Button } from '../../parts/button.tsx';
import { Confirm } from '../../parts/dialog.tsx';
import { Field } from '../../parts/field.tsx';
import { Form } from '../../parts/form.tsx';
import { Pager } from '../../parts/pager.tsx';
import { Panel } from '../../parts/panel.tsx';
import { Empty, Shown } from '../../parts/states.tsx';
import { Table } from '../../parts/table.tsx';
import { useLoaded } from '../../parts/use-loaded.ts';
import { useSettled } from '../../parts/use-settled.ts';
import { usePerson } from '../../person.ts';
import { roles as words } from '../../words/roles.ts';
import { AdminLink } from '../link.tsx';
import { Avatar } from '../people/avatar.tsx';
import { administratorRole } from '../people/role-checks.tsx';
import { nameOf } from '../people/state.tsx';
import { judged } from './refusals.ts';

const count = 20;

type Holder = GetEndpoints['roles.getUsersInRole']['answer']['users'][number];

/** Who has a role; more can be given it. */
export function RolePeople({ role, isAbove }: { readonly role: Role; readonly isAbove: boolean }) {
  const { may } = usePerson();
  const { _id: roleId } = role;
  const [offset, setOffset] = useState(0);
  const [leaving, setLeaving] = useState<Holder | undefined>(undefined);
  const listed = useLoaded(
    async () => await client.get('roles.getUsersInRole', { role: roleId, offset, count }),
    String(offset),
  );
  const mayGive = !isAbove && (roleId !== administratorRole || may('assign-admin-role'));
  return (
    <Panel title={words.say('people')}>
      {mayGive ? (
        <Add
          role={role}
          onAdded={() => {
            setOffset(0);
            listed.reload();
          }}
        />
      ) : null}
      <Shown of={listed} lines={4}>
        {({ users, total }) => (
          <>
            <p class="quiet" role="status">
              {words.say('peopleCount', { count: total })}
            </p>
            {users.length === 0 ? (
              <Empty title={words.say('noPeople')} />
            ) : (
              <Table
                label={words.say('people')}
                rows={users}
                keyOf={({ _id }) => _id}
                columns={[
                  {
                    key: 'person',
                    head: words.say('person'),
                    cell: (user) => (
                      <div class="who">
                        <Avatar username={user.username} size={32} />
                        <div class="who__names">
                          <AdminLink to="users" id={user._id}>
                            <bdi>{nameOf(user)}</bdi>
                          </AdminLink>
                          <bdi class="beneath" dir="ltr">
                            @{user.username}
                          </bdi>
                        </div>
                      </div>
                    ),
                  },
                  {
                    key: 'act',
                    head: words.say('act'),
                    atEnd: true,
                    cell: (user) =>
                      isAbove ? null : (
                        <Button
                          small
                          aria-label={words.say('takeLabel', { name: nameOf(user) })}
                          onClick={() => setLeaving(user)}
                        >
                          {words.say('take')}
                        </Button>
                      ),
                  },
                ]}
              />
            )}
            {total > count ? <Pager offset={offset} count={count} total={total} onGo={setOffset} /> : null}
          </>
        )}
      </Shown>
      {leaving === undefined ? null : (
        <Confirm
          title={words.say('takeTitle', { role: role.name, name: nameOf(leaving) })}
          doIt={words.say('take')}
          onConfirm={async () => {
            await judged(client.post('roles.removeUserFromRole', { username: leaving.username ?? '', roleId }));
            announce(words.say('took', { name: nameOf(leaving) }));
            setOffset(0);
            listed.reload();
          }}
          onClose={() => setLeaving(undefined)}
        >
          <p>{words.say('takeText')}</p>
        </Confirm>
      )}
    </Panel>
  );
}

/** Gives the role to somebody whose name is offered while it is typed. */
function Add({ role, onAdded }: { readonly role: Role; readonly onAdded: () => void }) {
  const list = useId();
  const [typed, setTyped] = useState('');
  const term = useSettled(typed.trim());
  const offered = useLoaded(
    async () =>
      term === '' ? [] : (await client.get('users.autocomplete', { selector: JSON.stringify({ term }) })).items,
    term,
  );
  return (
    <Form
      label={words.say('add')}
      onSubmit={async ({ username = '' }) => {
        await judged(client.post('roles.addUserToRole', { username: username.trim(), roleId: role._id }));
        announce(words.say('added', { name: username.trim() }));
        setTyped('');
        onAdded();
      }}
    >
      {(act) => (
        <div class="add-person">
          <Field
            label={words.say('username')}
            name="username"
            required
            value={typed}
            list={list}
            autocomplete="off"
            autocapitalize="none"
            spellcheck={false}
            dir="ltr"
            onInput={({ currentTarget }) => setTyped(currentTarget.value)}
          />
          <datalist id={list}>
            {(offered.value ?? []).map(({ _id, username = '', name = '' }) => (
              <option key={_id} value={username}>
                {name}
              </option>
            ))}
          </datalist>
          <Button type="submit" kind="primary" busy={act.isBusy}>
            {words.say('add')}
          </Button>
        </div>
      )}
    </Form>
  );
}
