import { applicationDocument } from '../applications.ts';
import type { Command } from '../command.ts';
import { counted, moment, table } from '../text.ts';

export const appList: Command = {
  words: 'app list',
  summary: 'List the applications whose people sign in here.',
  about: 'Without their secrets; who manages applications in a client sees those.',
  example: 'countersign app list',
  async run(_given, desk) {
    const found = await desk.withApp(async (app) => await app.application.host.list());
    const heading = ['CLIENT ID', 'NAME', 'ACTIVE', 'KIND', 'MADE (UTC)', 'ADDRESSES'];
    const rows = found.map(({ clientId, name, active, options, createdAt, redirects }) => [
      clientId,
      name,
      active ? 'yes' : 'no',
      options.publicClient ? 'public' : 'with a secret',
      moment(createdAt),
      redirects.join(' '),
    ]);
    return {
      document: { applications: found.map(applicationDocument) },
      ...(rows.length === 0 ? {} : { text: table([heading, ...rows]) }),
      note: `There ${found.length === 1 ? 'is' : 'are'} ${counted(found.length, 'application')}.`,
    };
  },
};
