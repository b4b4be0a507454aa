import type { ListedToken } from '../../../core/session/store.ts';
import { type Device, deviceOf } from '../../shapes/device.ts';
import { namedAccount, nameOf, userArgument } from '../accounts.ts';
import type { Command } from '../command.ts';
import { countGiven, countOption, offsetOption } from '../counting.ts';
import { counted, isoMoment, moment, table } from '../text.ts';

const usual = 50;
/** So many are read at once. */
const pageSize = 1_000;

export const sessionList: Command = {
  words: 'session list',
  summary: 'List the live sessions of everybody or of one account, newest first.',
  about: 'Personal tokens are no sessions: countersign token list shows them.',
  arguments: [{ ...userArgument, optional: true }],
  options: [countOption(usual), offsetOption],
  example: 'countersign session list ada',
  async run(given, desk) {
    const [count, offset] = [countGiven(given, usual), given.wholeNumber('offset', 0)];
    const user = given.optionalArgument('user');
    return await desk.withApp(async (app) => {
      const account = user === undefined ? undefined : await namedAccount(app, user);
      const sessions: Session[] = [];
      let total: number;
      do {
        const from = offset + sessions.length;
        const page = {
          accountId: account?.id,
          ascending: false,
          offset: from,
          count: Math.min(count - sessions.length, pageSize),
        };
        const found = await app.host.sessions(page);
        ({ total } = found);
        for (const listed of found.tokens) sessions.push({ ...listed, device: await deviceOf(listed.token.userAgent) });
        if (found.tokens.length < page.count) break;
      } while (sessions.length < count);
      const whose = account === undefined ? 'There are' : `${nameOf(account)} has`;
      return {
        document: { total, sessions: sessions.map(documentOf) },
        ...(sessions.length === 0 ? {} : { text: sessionTable(sessions) }),
        note: `${whose} ${counted(total, 'live session')}${sessions.length < total ? `; these are ${offset === 0 ? 'the newest ' : ''}${sessions.length}${offset === 0 ? '' : ` from number ${offset + 1} on`}` : ''}.`,
      };
    });
  },
};

type Session = ListedToken & { readonly device: Device };

function documentOf({ token, account, device }: Session) {
  const { id, pool, door, address, userAgent, factor } = token;
  return {
    id,
    userId: account.id,
    username: account.username ?? null,
    pool,
    door,
    factor: factor ?? null,
    address,
    userAgent,
    device,
    openedAt: isoMoment(token.createdAt),
    usedAt: isoMoment(token.usedAt),
    endsAt: isoMoment(token.endsAt),
  };
}

function sessionTable(sessions: readonly Session[]): string {
  const heading = ['SESSION', 'USER', 'OPENED (UTC)', 'LAST USED', 'DOOR', 'FACTOR', 'ADDRESS', 'DEVICE'];
  return table([
    heading,
    ...sessions.map(({ token, account, device }) => [
      token.id,
      account.username ?? account.id,
      moment(token.createdAt),
      moment(token.usedAt),
      token.door,
      token.factor ?? '-',
      token.address === '' ? '-' : token.address,
      deviceText(device),
    ]),
  ]);
}

function deviceText({ name, version, os }: Device): string {
  const words = [name, version, os.name === '' ? '' : `(${`${os.name} ${os.version}`.trim()})`];
  const text = words.filter((word) => word !== '').join(' ');
  return text === '' ? '-' : text;
}
