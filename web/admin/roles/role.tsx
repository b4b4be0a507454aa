import '../../style/account.css';
import '../people/people.css';
import { useState } from 'preact/hooks';
import { useLocation } from 'preact-iso';
import type { Role } from '../../../src/client/index.ts';
import { pageAt } from '../../address.ts';
import { client } from '../../client.ts';
import { FieldMistake } from '../../explain.ts';
import { announce } from '../../parts/announce.tsx';
import { Button } from '../../parts/button.tsx';
import { Callout } from '../../parts/callout.tsx';
import { Confirm } from '../../parts/dialog.tsx';
import { Panel } from '../../parts/panel.tsx';
import { Shown } from '../../parts/states.tsx';
import { Title } from '../../parts/title.tsx';
import { useLoaded } from '../../parts/use-loaded.ts';
import { usePerson } from '../../person.ts';
import { roles as words } from '../../words/roles.ts';
import { shared } from '../../words/shared.ts';
import { rolesAbove } from './may-change.ts';
import { judged } from './refusals.ts';
import { RoleForm } from './role-form.tsx';
import { RolePeople } from './role-people.tsx';

/** One role, and who has it. */
export default function RoleScreen({ id }: { readonly id: string }) {
  const person = usePerson();
  const loaded = useLoaded(async () => {
    const [{ roles }, { update }] = await Promise.all([client.get('roles.list'), client.get('permissions.listAll')]);
    const role = roles.find(({ _id }) => _id === id);
    if (role === undefined) throw new FieldMistake('', words.say('gone'));
    return {
      role,
      isAbove: rolesAbove(person, roles, update).has(id),
      permissions: update.filter(({ roles: holders }) => holders.includes(id)).length,
    };
  });
  return (
    <>
      <p>
        <a href={pageAt('/admin/roles')}>{words.say('back')}</a>
      </p>
      <Shown of={loaded} lines={8}>
        {({ role, isAbove, permissions }) => (
          <>
            <Title>{role.name}</Title>
            {isAbove ? <Callout kind="warning">{words.say('whyRank')}</Callout> : null}
            <RolePanel role={role} isAbove={isAbove} permissions={permissions} onChanged={loaded.reload} />
            {role.scope === 'Users' ? <RolePeople role={role} isAbove={isAbove} /> : null}
          </>
        )}
      </Shown>
    </>
  );
}

function RolePanel({
  role,
  isAbove,
  permissions,
  onChanged,
}: {
  readonly role: Role;
  readonly isAbove: boolean;
  readonly permissions: number;
  readonly onChanged: () => void;
}) {
  const { route } = useLocation();
  const [isAsked, ask] = useState(false);
  const { _id: roleId, name } = role;
  return (
    <Panel
      title={words.say('role')}
      about={words.say('holds', { count: permissions })}
      actions={
        role.protected || isAbove ? undefined : (
          <Button kind="secondary-danger" onClick={() => ask(true)}>
            {words.say('delete')}
          </Button>
        )
      }
    >
      {role.scope === 'Users' ? null : <Callout kind="info">{words.say('ofRooms')}</Callout>}
      <RoleForm
        key={JSON.stringify(role)}
        role={role}
        doIt={shared.say('save')}
        isFixed={isAbove}
        onSubmit={async (given) => {
          const { name: asked, ...rest } = given;
          await judged(client.post('roles.update', { roleId, ...rest, ...(role.protected ? {} : { name: asked }) }));
          announce(shared.say('saved'));
          onChanged();
        }}
      />
      {isAsked ? (
        <Confirm
          title={words.say('deleteTitle', { role: name })}
          doIt={words.say('delete')}
          onConfirm={async () => {
            await judged(client.post('roles.delete', { roleId }));
            announce(words.say('deleted', { role: name }));
            route(pageAt('/admin/roles'), true);
          }}
          onClose={() => ask(false)}
        >
          <p>{words.say('deleteText')}</p>
        </Confirm>
      ) : null}
    </Panel>
  );
}
