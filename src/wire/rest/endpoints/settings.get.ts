import { endpoint } from '../endpoint.ts';
import { ignoredMembers, pagingMembers } from '../list-query.ts';
import { settingsAnswer, settingsPage } from '../listed-settings.ts';
import { flag, object, optional } from '../schema.ts';

export default endpoint({
  method: 'get',
  path: '/api/v1/settings',
  summary: 'Lists the settings: all with the permission view-privileged-setting, else those that anybody may read.',
  auth: 'token',
  scoped: true,
  query: object({ ...pagingMembers, ...ignoredMembers, includeDefaults: optional(flag()) }),
  answer: settingsAnswer,
  run(app, { signed, query }) {
    const all = app.permissions.held(signed, 'view-privileged-setting').held;
    return settingsPage(app, app.settings.list({ publicOnly: !all }), query);
  },
});
