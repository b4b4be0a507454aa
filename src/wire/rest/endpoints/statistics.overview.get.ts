import { endpoint } from '../endpoint.ts';
import { flag, moment, object, optional, text, whole } from '../schema.ts';

export default endpoint({
  method: 'get',
  path: '/api/v1/statistics.overview',
  summary: 'How the installation stands, in numbers that are some seconds old at most.',
  auth: 'token',
  permission: { all: ['view-statistics'] },
  answer: object({
    accounts: object({
      total: whole(),
      open: whole(),
      closed: whole({ description: 'For whatever reason; those that wait are among them.' }),
      waiting: whole({ description: 'Those that wait for approval.' }),
    }),
    sessions: whole({ description: 'Live sessions; personal tokens are none.' }),
    sockets: whole({ description: 'Realtime connections that are open at the node that answers.' }),
    personalTokens: whole(),
    blocks: whole({ description: 'Accounts, devices, addresses and names that may not sign in for now.' }),
    mails: object({
      serverSet: flag({ description: 'Whether a mail server is named at all.' }),
      waiting: whole(),
      failed: whole(),
      kept: whole({ description: 'Those that there was no mail server for.' }),
      oldestWaitingAt: optional(moment()),
    }),
    directory: object({
      on: flag(),
      lastRunEndedAt: optional(moment()),
      lastRunFailed: optional(flag({ description: 'It failed on the way, or would have closed too many.' })),
    }),
    version: text({ description: 'Of Countersign.' }),
    node: text({ description: 'The version of Node.js that it runs on.' }),
  }),
  async run(app, { signed, sockets, config }) {
    const { accounts, sessions, personalTokens, blocks, mails, mailServerSet, directory } =
      await app.figure.overview(signed);
    const { waiting, failed, kept, oldestWaitingAt } = mails;
    const { on, lastRunEndedAt, lastRunFailed } = directory;
    return {
      accounts: { ...accounts, open: accounts.total - accounts.closed },
      sessions,
      sockets: sockets(),
      personalTokens,
      blocks,
      mails: {
        serverSet: mailServerSet,
        waiting,
        failed,
        kept,
        ...(oldestWaitingAt === undefined ? {} : { oldestWaitingAt: new Date(oldestWaitingAt).toISOString() }),
      },
      directory: {
        on,
        ...(lastRunEndedAt === undefined ? {} : { lastRunEndedAt: new Date(lastRunEndedAt).toISOString() }),
        ...(lastRunFailed === undefined ? {} : { lastRunFailed }),
      },
      version: config.version,
      node: process.versions.node,
    };
  },
});
