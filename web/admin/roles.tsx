import '../style/account.css';
import './people/people.css';
import { useState } from 'preact/hooks';
import type { Role } from '../../src/client/index.ts';
import { pageAt } from '../address.ts';
import { client } from '../client.ts';
import { announce } from '../parts/announce.tsx';
import { Button } from '../parts/button.tsx';
import { Dialog } from '../parts/dialog.tsx';
import { Panel } from '../parts/panel.tsx';
import { Shown } from '../parts/states.tsx';
import { Table } from '../parts/table.tsx';
import { Tag } from '../parts/tag.tsx';
import { Title } from '../parts/title.tsx';
import { useLoaded } from '../parts/use-loaded.ts';
import { Opened, screen } from '../screen.tsx';
import type { SectionProps } from '../section.ts';
import { menu } from '../words/menu.ts';
import { roles as words } from '../words/roles.ts';
import { administratorRole } from './people/role-checks.tsx';
import { Matrix } from './roles/matrix.tsx';
import { everybodysRole } from './roles/may-change.ts';
import { judged } from './roles/refusals.ts';
import { RoleForm } from './roles/role-form.tsx';

const oneRole = screen<{ readonly id: string }>([], async () => await import('./roles/role.tsx'));

/** What people may do by the roles that they have. */
export default function Roles({ id }: SectionProps) {
  return id === undefined ? <AllRoles /> : <Opened key={id} of={oneRole} id={id} />;
}

function AllRoles() {
  const [isMaking, make] = useState(false);
  const loaded = useLoaded(async () => {
    const [{ roles }, { update }] = await Promise.all([client.get('roles.list'), client.get('permissions.listAll')]);
    return { roles: roles.toSorted(usualFirst), permissions: update };
  });
  return (
    <>
      <Title>{menu.say('roles')}</Title>
      <Shown of={loaded} lines={10}>
        {({ roles, permissions }) => (
          <>
            <Panel
              title={words.say('roles')}
              actions={
                <Button kind="primary" onClick={() => make(true)}>
                  {words.say('newRole')}
                </Button>
              }
            >
              <RoleTable roles={roles.filter(({ scope }) => scope === 'Users')} />
            </Panel>
            <Matrix key={JSON.stringify(roles)} roles={roles} fetched={permissions} />
          </>
        )}
      </Shown>
      {isMaking ? (
        <Dialog title={words.say('newRole')} onClose={() => make(false)}>
          <p>{words.say('newRoleText')}</p>
          <RoleForm
            doIt={words.say('makeRole')}
            onSubmit={async (given) => {
              await judged(client.post('roles.create', given));
              make(false);
              announce(words.say('roleMade', { role: given.name }));
              loaded.reload();
            }}
          />
        </Dialog>
      ) : null}
    </>
  );
}

/** Administrators and everybody, then by name. */
function usualFirst(one: Role, other: Role): number {
  const usual = [administratorRole, everybodysRole];
  const [at, otherAt] = [usual.indexOf(one._id), usual.indexOf(other._id)];
  if (at >= 0 || otherAt >= 0) return (at < 0 ? usual.length : at) - (otherAt < 0 ? usual.length : otherAt);
  return one.name.localeCompare(other.name);
}

function RoleTable({ roles }: { readonly roles: readonly Role[] }) {
  return (
    <Table
      label={words.say('roles')}
      rows={roles}
      keyOf={({ _id }) => _id}
      columns={[
        {
          key: 'name',
          head: words.say('name'),
          cell: ({ _id, name }) => (
            <a href={pageAt(`/admin/roles/${encodeURIComponent(_id)}`)}>
              <bdi>{name}</bdi>
            </a>
          ),
        },
        {
          key: 'description',
          head: words.say('description'),
          cell: ({ description }) => <bdi class="told">{description === '' ? '–' : description}</bdi>,
        },
        {
          key: 'about',
          head: words.say('about'),
          cell: (role) => (
            <div class="state">
              {role.mandatory2fa ? <Tag kind="primary">{words.say('needsFactor')}</Tag> : null}
              {role.protected ? <Tag>{words.say('builtIn')}</Tag> : null}
            </div>
          ),
        },
      ]}
    />
  );
}
