import { endpoint } from '../endpoint.ts';
import { coded } from '../refusal.ts';
import { list, moment, object, oneOf, optional, text } from '../schema.ts';

export default endpoint({
  method: 'get',
  path: '/api/v1/permissions.listAll',
  summary: 'Lists the permissions and the roles that hold them, all or those that changed since a moment.',
  auth: 'token',
  query: object({ updatedSince: optional(text({ description: 'A moment, ISO 8601.' })) }),
  answer: object({
    update: list(
      object({
        _id: text(),
        roles: list(text()),
        _updatedAt: moment(),
        level: optional(oneOf('settings')),
        settingId: optional(text()),
        group: optional(text()),
        section: optional(text()),
      }),
    ),
    remove: list(text()),
  }),
  run(app, { query }) {
    const since = query.updatedSince === undefined ? undefined : Date.parse(query.updatedSince);
    if (Number.isNaN(since)) {
      throw coded('error-roomId-param-invalid', 'The "updatedSince" query parameter must be a valid date.');
    }
    const update = app.permissions.list({ updatedSince: since }).map(({ id, roles, updatedAt, setting }) => ({
      _id: id,
      roles,
      _updatedAt: new Date(updatedAt).toISOString(),
      ...(setting === undefined
        ? {}
        : { level: 'settings' as const, settingId: setting.id, group: setting.group, section: setting.section }),
    }));
    return { update, remove: [] };
  },
});
