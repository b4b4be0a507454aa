import '../../style/account.css';
import '../../style/profile.css';
import './people.css';
import { useCallback, useState } from 'preact/hooks';
import type { User } from '../../../src/client/index.ts';
import { pageAt } from '../../address.ts';
import { client } from '../../client.ts';
import { momentText } from '../../language.ts';
import { Callout } from '../../parts/callout.tsx';
import { Shown } from '../../parts/states.tsx';
import { Tabs } from '../../parts/tabs.tsx';
import { Tag } from '../../parts/tag.tsx';
import { Title } from '../../parts/title.tsx';
import { useLoaded } from '../../parts/use-loaded.ts';
import { When } from '../../parts/when.tsx';
import { usePerson } from '../../person.ts';
import { people as words } from '../../words/people.ts';
import { shared } from '../../words/shared.ts';
import { Activity } from './activity.tsx';
import { Avatar } from './avatar.tsx';
import { Gates } from './gates.tsx';
import type { OnePerson } from './one-person.ts';
import { PersonSessions } from './person-sessions.tsx';
import { PersonTokens } from './person-tokens.tsx';
import { Profile } from './profile.tsx';
import { judged } from './refusals.ts';
import { administratorRole } from './role-checks.tsx';
import { SignInWays } from './sign-in-ways.tsx';
import { nameOf, State } from './state.tsx';

const parts = ['profile', 'sign-in', 'sessions', 'activity'] as const;
type Part = (typeof parts)[number];

/** One account: who it is, how it signs in, what is open, and what happened. */
export default function PersonScreen({ id }: { readonly id: string }) {
  const { may } = usePerson();
  const loaded = useLoaded(async () => {
    const [{ user }, ways, { roles }] = await Promise.all([
      judged(client.get('users.info', { userId: id })),
      may('view-full-other-user-info') ? judged(client.get('users.waysIn', { userId: id })) : undefined,
      client.get('roles.list'),
    ]);
    return { user, ways, roles };
  });
  return (
    <>
      <p>
        <a href={pageAt('/admin/users')}>{words.say('back')}</a>
      </p>
      <Shown of={loaded} lines={8}>
        {(value) => <Person {...value} reload={loaded.reload} />}
      </Shown>
    </>
  );
}

function Person({ user, ways, roles, reload }: OnePerson) {
  const { me, may } = usePerson();
  const [part, setPart] = useState<Part>(() => partInAddress());
  const isOwn = user._id === me._id;
  const isAbove = (user.roles ?? []).includes(administratorRole) && !me.roles.includes(administratorRole);
  const roleNames = new Map(roles.map(({ _id, name }) => [_id, name]));
  const known: User = ways?.inactiveReason === undefined ? user : { ...user, inactiveReason: ways.inactiveReason };
  const shows: Readonly<Record<Part, boolean>> = {
    'profile': true,
    'sign-in': true,
    'sessions': may('view-device-management') || may('logout-other-user'),
    'activity': may('view-logs'),
  };
  const labels = {
    'profile': 'tabProfile',
    'sign-in': 'tabSignIn',
    'sessions': 'tabSessions',
    'activity': 'tabActivity',
  } as const;
  const given = { user: known, ways, roles, reload };
  return (
    <>
      <header class="person-head">
        <Avatar username={user.username} size={64} />
        <div class="person-head__names">
          <Title>{nameOf(user)}</Title>
          <p class="person-head__beneath">
            {user.username === undefined ? null : (
              <bdi class="quiet" dir="ltr">
                @{user.username}
              </bdi>
            )}
            <State user={known} />
            {user.type === 'user' ? null : <Tag>{words.say(user.type === 'bot' ? 'bot' : 'app')}</Tag>}
            {(user.roles ?? []).map((role) => (
              <Tag key={role}>{roleNames.get(role) ?? role}</Tag>
            ))}
          </p>
        </div>
        <Gates {...given} isAbove={isAbove} />
      </header>
      {isOwn ? (
        <Callout kind="info" title={words.say('own')}>
          <p>
            {words.say('ownText')} <a href={pageAt('/account')}>{shared.say('myAccount')}</a>
          </p>
        </Callout>
      ) : null}
      {isAbove ? (
        <Callout kind="warning" title={words.say('above', { name: nameOf(user) })}>
          <p>{words.say('refusedRank')}</p>
        </Callout>
      ) : null}
      {known.inactiveReason === 'pending_approval' ? (
        <Callout kind="warning" title={words.say('waits')}>
          <p>{user.reason === undefined ? words.say('noReason') : words.say('reasonGiven', { reason: user.reason })}</p>
        </Callout>
      ) : null}
      <dl class="person-facts">
        <div>
          <dt>{words.say('created')}</dt>
          <dd>{user.createdAt === undefined ? shared.say('unknown') : momentText(user.createdAt)}</dd>
        </div>
        <div>
          <dt>{words.say('lastSignIn')}</dt>
          <dd>{user.lastLogin === undefined ? shared.say('never') : <When at={user.lastLogin} />}</dd>
        </div>
        <div>
          <dt>{words.say('id')}</dt>
          <dd>
            <code dir="ltr">{user._id}</code>
          </dd>
        </div>
      </dl>
      <Tabs
        label={words.say('parts')}
        shown={part}
        tabs={parts.filter((one) => shows[one]).map((one) => ({ key: one, label: words.say(labels[one]) }))}
        onShow={(key) => {
          setPart(key as Part);
          history.replaceState(history.state, '', key === 'profile' ? location.pathname : `?part=${key}`);
        }}
      >
        {part === 'profile' ? <Profile {...given} isAbove={isAbove} /> : null}
        {part === 'sign-in' ? <SignInWays {...given} isAbove={isAbove} /> : null}
        {part === 'sessions' ? <Open {...given} /> : null}
        {part === 'activity' ? <Activity {...given} /> : null}
      </Tabs>
    </>
  );
}

/** What is open in somebody's name: sessions, and then tokens. */
function Open(given: OnePerson) {
  const { may } = usePerson();
  const [isListed, setListed] = useState(false);
  const listed = useCallback(() => setListed(true), []);
  return (
    <>
      <PersonSessions {...given} onListed={listed} />
      {isListed && may('view-device-management') ? <PersonTokens {...given} /> : null}
    </>
  );
}

function partInAddress(): Part {
  const asked = new URLSearchParams(location.search).get('part');
  return parts.find((one) => one === asked) ?? 'profile';
}
