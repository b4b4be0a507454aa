import { Fault } from '../../../core/fault.ts';
import { endpoint } from '../endpoint.ts';
import { always } from '../faults.ts';
import { anything, list, object, text } from '../schema.ts';

export default endpoint({
  method: 'post',
  path: '/api/v1/settings',
  summary: 'Changes several settings, all or none.',
  auth: 'token',
  scoped: true,
  applications: false,
  twoFactor: { remember: false, always: false },
  body: object({
    settings: list(object({ _id: text(), value: anything() }), { minItems: 1, maxItems: 1000 }),
  }),
  answer: object({}),
  faults: {
    'permission-missing': (fault) =>
      always(400, {
        error: 'Editing settings is not allowed [error-action-not-allowed]',
        errorType: 'error-action-not-allowed',
        details: { method: 'saveSettings', settingIds: fault.facts['settingIds'] },
      })(fault),
  },
  async run(app, { signed, body, caller }) {
    const changes = body.settings.map(({ _id: id, value }) => ({ id, value }));
    if (changes.some(({ value }) => value === undefined)) throw new Fault('malformed');
    await app.setting.change(signed, changes, caller);
    return {};
  },
});
