import { pageOf } from '../../shapes/paging.ts';
import { blockDocument, blockShape } from '../block-shape.ts';
import { endpoint } from '../endpoint.ts';
import { pagingMembers } from '../list-query.ts';
import { list, object, whole } from '../schema.ts';

export default endpoint({
  method: 'get',
  path: '/api/v1/blocks.list',
  summary:
    'Lists who may not sign in for now after too many failed sign-ins or wrong codes: blocks without an end first, then the newest.',
  auth: 'token',
  permission: { all: ['manage-blocks'] },
  query: object({ offset: pagingMembers.offset, count: pagingMembers.count }),
  answer: object({ blocks: list(blockShape), count: whole(), offset: whole(), total: whole() }),
  async run(app, { signed, query }) {
    const page = pageOf(app.settings, query);
    const { blocks, total } = await app.block.list(signed, page);
    return { blocks: blocks.map(blockDocument), count: blocks.length, offset: page.offset, total };
  },
});
