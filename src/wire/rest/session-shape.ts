import type { App } from '../../app.ts';
import type { ListedToken, TokenPage } from '../../core/session/store.ts';
import type { Signed, Token } from '../../core/session/token.ts';
import { type Device, deviceOf } from '../shapes/device.ts';
import { cut, type Paging, pageOf, type Sort } from '../shapes/paging.ts';
import { askedSort, pagingMembers } from './list-query.ts';
import { failure } from './refusal.ts';
import {
  flag,
  list,
  moment,
  type Optional,
  object,
  oneOf,
  optional,
  type Schema,
  type Static,
  text,
  whole,
} from './schema.ts';

/** Whose a session is, in lists over all accounts. */
export interface Owner {
  readonly name?: string | undefined;
  readonly username?: string | undefined;
  readonly avatarETag?: string | undefined;
  readonly avatarOrigin?: string | undefined;
}

/** A session as clients read it (rest.md §18); what stands behind `loginAt` is ours. */
export interface SessionItem {
  readonly _id: string;
  readonly sessionId: string;
  readonly userId: string;
  readonly device: Device;
  readonly host: string;
  readonly ip: string;
  readonly loginAt: string;
  readonly lastActivityAt: string;
  readonly door: string;
  readonly factor?: string | undefined;
  readonly current: boolean;
  readonly expiresAt?: string | undefined;
  readonly _user?: Owner | undefined;
}

export const ownerSchema: Schema<Owner> = object({
  name: optional(text()),
  username: optional(text()),
  avatarETag: optional(text()),
  avatarOrigin: optional(text()),
});

/** What a user agent tells of a device. */
export const deviceSchema: Schema<Device> = object({
  type: oneOf('browser', 'mobile-app', 'desktop-app', 'mobile', 'tablet', 'other'),
  name: text(),
  longVersion: text(),
  os: object({ name: text(), version: text() }),
  version: text(),
});

const sessionMembers = {
  _id: text({ description: 'Names the session, and is no secret.' }),
  sessionId: text({ description: 'The same.' }),
  userId: text(),
  device: deviceSchema,
  host: text(),
  ip: text({ description: 'Where it was opened from.' }),
  loginAt: moment(),
  lastActivityAt: moment(),
  door: text({ description: 'How it was opened: rest, ddp, method-call, page or cli.' }),
  factor: optional(text({ description: 'The second factor that held at the sign-in; left out where none was asked.' })),
  current: flag({ description: 'Whether it is the session that asks.' }),
  expiresAt: optional(moment()),
  _user: optional(ownerSchema),
} as const;

export const sessionSchema: Schema<SessionItem> = object(sessionMembers);

export const sessionsAnswer: Schema<{
  readonly sessions: readonly SessionItem[];
  readonly count: number;
  readonly offset: number;
  readonly total: number;
}> = object({ sessions: list(sessionSchema), count: whole(), offset: whole(), total: whole() });

export const sessionsQuery: typeof pagingMembers & { readonly filter: Optional<string> } = {
  ...pagingMembers,
  filter: optional(
    text({
      maxLength: 256,
      description: 'Words of device, system, address or user; only the newest 1,000 are searched.',
    }),
  ),
};

/** The id of a session in a request. */
export const sessionIdMember: Schema<string> = text({ minLength: 1, maxLength: 64 });

export function ownerOf({ name, username, avatarTag }: ListedToken['account']): Owner {
  return {
    name,
    username,
    ...(avatarTag === undefined ? {} : { avatarETag: avatarTag, avatarOrigin: 'upload' }),
  };
}

/** @param signed who asks: their own session is marked */
export async function sessionItem(
  app: App,
  token: Token,
  signed: Signed,
  owner?: ListedToken['account'],
): Promise<SessionItem> {
  return {
    _id: token.id,
    sessionId: token.id,
    userId: token.accountId,
    device: await deviceOf(token.userAgent),
    host: hostOf(app.settings.get('Site_Url')),
    ip: token.address,
    loginAt: new Date(token.createdAt).toISOString(),
    lastActivityAt: new Date(token.usedAt).toISOString(),
    door: token.door,
    ...(token.factor === undefined ? {} : { factor: token.factor }),
    current: token.id === signed.token.id,
    ...(token.endsAt === undefined ? {} : { expiresAt: new Date(token.endsAt).toISOString() }),
    ...(owner === undefined ? {} : { _user: ownerOf(owner) }),
  };
}

/** So many are sorted and searched by what no index knows: the newest. */
const mostLookedAt = 1_000;

const sortKeys: ReadonlySet<string> = new Set([
  'loginAt',
  'device.name',
  'device.os.name',
  'device.os.version',
  '_user.name',
  '_user.username',
]);

/**
 * The part of a list of sessions that a request asks for. In the order of their log-ins an index gives it, however many
 * there are; any other order, and any word, is looked for among the newest.
 * @param withOwner whether each is told with its account
 * @throws Refusal 400 for an order that there is none of
 */
export async function sessionsPage(
  app: App,
  signed: Signed,
  query: Paging & { readonly filter?: string | undefined },
  load: (page: Omit<TokenPage, 'accountId'>) => Promise<{ tokens: readonly ListedToken[]; total: number }>,
  withOwner: boolean,
): Promise<Static<typeof sessionsAnswer>> {
  const page = pageOf(app.settings, query);
  const sort = askedSort(query);
  if (sort.some(({ field }) => !sortKeys.has(field))) throw failure('error-invalid-sort-keys');
  const itemsOf = async (tokens: readonly ListedToken[]): Promise<SessionItem[]> => {
    const items: SessionItem[] = [];
    for (const { token, account } of tokens) {
      items.push(await sessionItem(app, token, signed, withOwner ? account : undefined));
    }
    return items;
  };
  const [first] = sort;
  const word = query.filter?.trim().toLowerCase() ?? '';
  if (word === '' && (first === undefined || first.field === 'loginAt')) {
    const { tokens, total } = await load({ ...page, ascending: first?.ascending ?? false });
    const sessions = await itemsOf(tokens);
    return { sessions, count: sessions.length, offset: page.offset, total };
  }
  const { tokens } = await load({ offset: 0, count: mostLookedAt, ascending: false });
  const found = (await itemsOf(tokens)).filter((item) => wordsOf(item).includes(word));
  const sessions = cut(sorted(found, sort), page);
  return { sessions, count: sessions.length, offset: page.offset, total: found.length };
}

function wordsOf({ sessionId, device, ip, _user: user }: SessionItem): string {
  const words = [
    user?.username,
    user?.name,
    device.type,
    device.name,
    device.os.name,
    device.os.version,
    ip,
    sessionId,
  ];
  return words.join(' ').toLowerCase();
}

function sorted(items: readonly SessionItem[], sort: Sort): readonly SessionItem[] {
  return items.toSorted((one, other) => {
    for (const { field, ascending } of sort) {
      const order = compare(valueOf(one, field), valueOf(other, field));
      if (order !== 0) return ascending ? order : -order;
    }
    return 0;
  });
}

function compare(one: string, other: string): number {
  if (one === other) return 0;
  return one < other ? -1 : 1;
}

function valueOf(item: SessionItem, field: string): string {
  switch (field) {
    case 'device.name':
      return item.device.name.toLowerCase();
    case 'device.os.name':
      return item.device.os.name.toLowerCase();
    case 'device.os.version':
      return item.device.os.version;
    case '_user.name':
      return (item._user?.name ?? '').toLowerCase();
    case '_user.username':
      return (item._user?.username ?? '').toLowerCase();
    default:
      return item.loginAt;
  }
}

function hostOf(siteUrl: string): string {
  return URL.parse(siteUrl)?.host ?? '';
}
