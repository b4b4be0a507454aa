import type { App } from '../../app.ts';
import type { Account } from '../../core/account/account.ts';
import type { Happening } from '../../core/ports.ts';
import type { Log } from '../../core/setting/kept.ts';
import type { ListedSetting } from '../../core/setting/settings.ts';
import { encodeEjson } from '../shapes/ejson.ts';
import { roleDocument } from '../shapes/role-document.ts';
import { ownDocumentChange } from '../shapes/user-document.ts';
import { emit } from './emit.ts';
import { streamEvent } from './frames.ts';
import type { People } from './people.ts';
import type { Revocation } from './revocation.ts';
import { mayReadPrivate, permissionShape, privateSetting, publicSetting } from './setting-shapes.ts';
import type { StatusFeed } from './status-feed.ts';
import { eventTopic } from './topic-names.ts';
import type { Topics } from './topics.ts';

export interface FeedNeeds {
  readonly app: App;
  readonly topics: Topics;
  readonly revocation: Revocation;
  readonly people: People;
  readonly status: StatusFeed;
  readonly log: Log;
}

/**
 * Turns what happens in the product into the events of the streams (realtime.md §12.4), and has connections looked at
 * whose tokens may be gone.
 * @returns a function that ends it
 */
export function startFeed(needs: FeedNeeds): () => void {
  const { app, revocation, log } = needs;
  const follow = (work: Promise<void>, kind: string): void => {
    work.catch((cause: unknown) => {
      log('An event could not be told to realtime clients.', { kind, cause });
    });
  };
  const stops = [
    app.events.subscribe((happening) => {
      hear(needs, happening, follow);
    }),
    app.events.onGap(() => {
      revocation.lost();
      follow(reviewAll(needs.people), 'review');
    }),
    app.settings.onChange(/./, (ids) => {
      follow(settingsChanged(needs, ids), 'settings');
    }),
    app.presence.onChange((accountId) => {
      needs.status.note(accountId);
    }),
  ];
  return () => {
    for (const stop of stops) stop();
  };
}

function hear(needs: FeedNeeds, happening: Happening, follow: (work: Promise<void>, kind: string) => void): void {
  const { revocation, topics } = needs;
  switch (happening.kind) {
    case 'account':
      revocation.heard(happening.accountId, happening.forced);
      if (happening.changed.includes('passwordChange')) {
        for (const link of needs.people.of(happening.accountId)) follow(link.review(), 'review');
      }
      if (happening.changed.length > 0) follow(accountChanged(needs, happening), 'account');
      return;
    case 'account-removed':
      emit(topics, 'stream-notify-user', `${happening.accountId}/userData`, [
        { type: 'removed', id: happening.accountId },
      ]);
      emit(topics, 'stream-notify-logged', 'Users:Deleted', [{ userId: happening.accountId }]);
      revocation.heard(happening.accountId, true);
      return;
    case 'permissions':
      follow(permissionsChanged(needs, happening.ids), 'permissions');
      return;
    case 'role':
      follow(roleChanged(needs, happening), 'roles');
      return;
    case 'role-holder':
      emit(topics, 'stream-notify-logged', 'roles-change', [
        {
          type: happening.held ? 'added' : 'removed',
          _id: happening.role,
          u: { _id: happening.accountId, username: happening.username },
        },
      ]);
      return;
    case 'account-added':
    case 'settings':
    case 'presence':
    case 'presence-wanted':
  }
}

/** One after the other: what was lost concerns few, and there may be many. */
async function reviewAll(people: People): Promise<void> {
  const links = [...people.all()];
  for (const link of links) await link.review();
}

/** Members of an account that others see. */
const statusMembers = ['chosenStatus', 'statusText'];
const nameMembers = ['username', 'name'];

async function accountChanged(
  { app, topics, status }: FeedNeeds,
  { accountId, changed }: Extract<Happening, { kind: 'account' }>,
): Promise<void> {
  if (changed.some((member) => statusMembers.includes(member))) status.note(accountId);
  const own = eventTopic('stream-notify-user', `${accountId}/userData`);
  const named =
    changed.some((member) => nameMembers.includes(member)) &&
    topics.count(eventTopic('stream-notify-logged', 'Users:NameChanged')) > 0;
  const pictured =
    changed.includes('avatarTag') && topics.count(eventTopic('stream-notify-logged', 'updateAvatar')) > 0;
  if (topics.count(own) === 0 && !named && !pictured) return;
  const account = await app.account.byId(accountId);
  if (account === undefined) return;
  emit(topics, 'stream-notify-user', `${accountId}/userData`, [
    { type: 'updated', id: accountId, ...ownDocumentChange(account, app.presence.ofConnections(accountId), changed) },
  ]);
  if (named) emit(topics, 'stream-notify-logged', 'Users:NameChanged', [nameOf(account)]);
  if (pictured) emit(topics, 'stream-notify-logged', 'updateAvatar', [pictureOf(account)]);
}

function nameOf({ id, username, name }: Account): Readonly<Record<string, unknown>> {
  return { _id: id, username, name };
}

function pictureOf({ username, avatarTag }: Account): Readonly<Record<string, unknown>> {
  return { username, ...(avatarTag === undefined ? {} : { etag: avatarTag }) };
}

async function settingsChanged({ app, topics }: FeedNeeds, ids: readonly string[]): Promise<void> {
  const settings = app.settings.list({ ids });
  const there = new Set<string>(app.settings.list({ ids, hiddenToo: true }).map(({ id }) => id));
  for (const id of ids) {
    // Those of a custom service that was removed.
    if (!there.has(id)) await tellGone(app, topics, id);
  }
  for (const setting of settings) {
    if (setting.definition.public === true) {
      emit(topics, 'stream-notify-all', 'public-settings-changed', ['updated', publicSetting(setting)]);
    }
    await tellAdministrators(app, topics, setting);
  }
}

async function tellAdministrators(app: App, topics: Topics, setting: ListedSetting): Promise<void> {
  await tellReaders(app, topics, setting.id, () => ['updated', privateSetting(setting)]);
}

async function tellGone(app: App, topics: Topics, id: string): Promise<void> {
  await tellReaders(app, topics, id, () => ['removed', { _id: id }]);
}

/** Whoever listens may have lost the permission since, so it is asked again for each. */
async function tellReaders(app: App, topics: Topics, id: string, event: () => readonly unknown[]): Promise<void> {
  for (const stream of ['stream-notify-logged', 'stream-notify-all']) {
    const eventName = 'private-settings-changed';
    const allowed = [];
    for (const listener of topics.of(eventTopic(stream, eventName))) {
      const hash = listener.link.identity?.tokenHash;
      const signed = hash === undefined ? undefined : await app.session.find(hash);
      if (signed !== undefined && mayReadPrivate(app, signed, id).held) allowed.push(listener);
    }
    if (allowed.length === 0) continue;
    const args = encodeEjson(event()) as readonly unknown[];
    topics.emitTo(allowed, streamEvent(stream, eventName, args));
  }
}

async function permissionsChanged({ app, topics }: FeedNeeds, ids: readonly string[]): Promise<void> {
  const isHeard = topics.count(eventTopic('stream-notify-logged', 'permissions-changed')) > 0;
  if (ids.length === 0 || !isHeard) return;
  // The table in memory follows the same announcement, perhaps later than this.
  await app.permissions.load();
  for (const permission of app.permissions.list()) {
    if (!ids.includes(permission.id)) continue;
    emit(topics, 'stream-notify-logged', 'permissions-changed', ['updated', permissionShape(permission)]);
  }
}

async function roleChanged(
  { app, topics }: FeedNeeds,
  { id, name, change }: Extract<Happening, { kind: 'role' }>,
): Promise<void> {
  if (change === 'removed') {
    emit(topics, 'stream-roles', 'roles', [{ type: 'removed', _id: id, name }]);
    return;
  }
  emit(topics, 'stream-notify-logged', 'roles-change', [{ type: 'changed', _id: id }]);
  if (topics.count(eventTopic('stream-roles', 'roles')) === 0) return;
  // The roles in memory follow the same announcement, perhaps later than this.
  await app.permissions.load();
  const role = app.permissions.roles().find((one) => one.id === id);
  if (role === undefined) return;
  const document = { ...roleDocument(role), _updatedAt: new Date(role.updatedAt) };
  emit(topics, 'stream-roles', 'roles', [{ type: 'changed', ...document }]);
}
