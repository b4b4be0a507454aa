import { endpoint } from '../endpoint.ts';
import { ignoredMembers, pagingMembers } from '../list-query.ts';
import { settingsAnswer, settingsPage } from '../listed-settings.ts';
import { either, list, object, optional, text } from '../schema.ts';

export default endpoint({
  method: 'get',
  path: '/api/v1/settings.public',
  summary: 'Lists the settings that anybody may read.',
  auth: 'none',
  query: object({
    ...pagingMembers,
    ...ignoredMembers,
    _id: optional(either(text({ description: 'Ids, separated by commas.' }), list(text(), { maxItems: 1000 }))),
  }),
  answer: settingsAnswer,
  run(app, { query }) {
    const { _id: named } = query;
    const ids = named === undefined ? undefined : (typeof named === 'string' ? [named] : named).flatMap(idsOf);
    return settingsPage(app, app.settings.list({ publicOnly: true, ...(ids === undefined ? {} : { ids }) }), query);
  },
});

function idsOf(listed: string): readonly string[] {
  return listed
    .split(',')
    .map((id) => id.trim())
    .filter((id) => id !== '');
}
