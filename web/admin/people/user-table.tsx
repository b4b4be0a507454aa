import type { User } from '../../../src/client/index.ts';
import { pageAt } from '../../address.ts';
import { client } from '../../client.ts';
import { announce } from '../../parts/announce.tsx';
import { Button } from '../../parts/button.tsx';
import { Callout } from '../../parts/callout.tsx';
import { Table } from '../../parts/table.tsx';
import { Tag } from '../../parts/tag.tsx';
import { useAct } from '../../parts/use-act.ts';
import { When } from '../../parts/when.tsx';
import { usePerson } from '../../person.ts';
import { people as words } from '../../words/people.ts';
import { shared } from '../../words/shared.ts';
import { Avatar } from './avatar.tsx';
import { judged } from './refusals.ts';
import { nameOf, State } from './state.tsx';

/** A page of accounts; who waits for approval can be approved from here. */
export function UserTable({
  users,
  roleNames,
  onChanged,
}: {
  readonly users: readonly User[];
  readonly roleNames: ReadonlyMap<string, string>;
  readonly onChanged: () => void;
}) {
  const { may } = usePerson();
  const act = useAct();
  const mayOpen = may('edit-other-user-active-status') || may('manage-moderation-actions');
  const approve = async (user: User): Promise<void> => {
    await judged(client.post('users.setActiveStatus', { userId: user._id, activeStatus: true }));
    announce(words.say('approved', { name: nameOf(user) }));
    onChanged();
  };
  return (
    <>
      {act.mistake === undefined ? null : <Callout kind="danger">{act.mistake.text}</Callout>}
      <Table
        label={words.say('list')}
        rows={users}
        keyOf={({ _id }) => _id}
        columns={[
          { key: 'person', head: words.say('person'), cell: (user) => <PersonCell user={user} /> },
          { key: 'email', head: words.say('email'), cell: ({ emails = [] }) => <EmailCell emails={emails} /> },
          {
            key: 'roles',
            head: words.say('roles'),
            cell: ({ roles = [] }) => (
              <bdi class="told">{roles.map((role) => roleNames.get(role) ?? role).join(', ')}</bdi>
            ),
          },
          {
            key: 'last',
            head: words.say('lastSignIn'),
            cell: ({ lastLogin }) => (lastLogin === undefined ? shared.say('never') : <When at={lastLogin} />),
          },
          {
            key: 'state',
            head: words.say('state'),
            cell: (user) => (
              <div class="state">
                <State user={user} />
                {user.inactiveReason === 'pending_approval' && mayOpen ? (
                  <Button
                    small
                    busy={act.isBusy}
                    aria-label={words.say('approveLabel', { name: nameOf(user) })}
                    onClick={() => void act.run(async () => await approve(user))}
                  >
                    {words.say('approve')}
                  </Button>
                ) : null}
              </div>
            ),
          },
        ]}
      />
    </>
  );
}

function PersonCell({ user }: { readonly user: User }) {
  return (
    <div class="who">
      <Avatar username={user.username} size={32} />
      <div class="who__names">
        <a href={pageAt(`/admin/users/${encodeURIComponent(user._id)}`)}>
          <bdi>{nameOf(user)}</bdi>
        </a>
        {user.username === undefined ? null : (
          <bdi class="beneath" dir="ltr">
            @{user.username}
          </bdi>
        )}
        {user.reason === undefined || user.inactiveReason !== 'pending_approval' ? null : (
          <span class="beneath">{words.say('reasonGiven', { reason: user.reason })}</span>
        )}
      </div>
    </div>
  );
}

function EmailCell({ emails }: { readonly emails: NonNullable<User['emails']> }) {
  const [first] = emails;
  if (first === undefined) return <span class="quiet">–</span>;
  return (
    <div>
      <bdi class="told" dir="ltr">
        {first.address}
      </bdi>
      {first.verified ? null : <Tag kind="warning">{words.say('notVerified')}</Tag>}
    </div>
  );
}
