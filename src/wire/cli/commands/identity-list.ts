import { namedAccount, nameOf, userArgument } from '../accounts.ts';
import type { Command } from '../command.ts';
import { isoMoment, moment, table } from '../text.ts';

export const identityList: Command = {
  words: 'identity list',
  summary: 'List the identities of an account at providers, oldest first.',
  arguments: [userArgument],
  example: 'countersign identity list ada',
  async run(given, desk) {
    return await desk.withApp(async (app) => {
      const account = await namedAccount(app, given.argument('user'));
      const identities = await app.host.identities(account.id);
      const rows = identities.map((one) => [one.provider, one.subject, moment(one.linkedAt), moment(one.usedAt)]);
      return {
        document: {
          identities: identities.map(({ provider, subject, facts, linkedAt, usedAt, seenAt }) => ({
            provider,
            subject,
            facts,
            linkedAt: isoMoment(linkedAt),
            usedAt: isoMoment(usedAt),
            seenAt: isoMoment(seenAt),
          })),
        },
        ...(rows.length === 0 ? {} : { text: table([['PROVIDER', 'SUBJECT', 'JOINED (UTC)', 'LAST USED'], ...rows]) }),
        note: `${nameOf(account)} has ${rows.length} ${rows.length === 1 ? 'identity' : 'identities'}.`,
      };
    });
  },
};
