import { pageOf } from '../../shapes/paging.ts';
import { endpoint } from '../endpoint.ts';
import { pagingMembers } from '../list-query.ts';
import { mailDocument, mailShape, mailState } from '../mail-shape.ts';
import { flag, list, object, optional, whole } from '../schema.ts';

export default endpoint({
  method: 'get',
  path: '/api/v1/mails.list',
  summary: 'Lists the mails of the outbox without their texts, the newest first.',
  auth: 'token',
  permission: { all: ['view-privileged-setting'] },
  query: object({ state: optional(mailState), offset: pagingMembers.offset, count: pagingMembers.count }),
  answer: object({
    mails: list(mailShape),
    count: whole(),
    offset: whole(),
    total: whole(),
    serverSet: flag({ description: 'Whether a mail server is named at all.' }),
  }),
  async run(app, { signed, query }) {
    const page = pageOf(app.settings, query);
    const { mails, total, serverSet } = await app.mail.list(signed, { state: query.state, ...page });
    return { mails: mails.map(mailDocument), count: mails.length, offset: page.offset, total, serverSet };
  },
});
