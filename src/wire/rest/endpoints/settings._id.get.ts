import { endpoint } from '../endpoint.ts';
import { Refusal } from '../refusal.ts';
import { anything, object, text } from '../schema.ts';

export default endpoint({
  method: 'get',
  path: '/api/v1/settings/:_id',
  summary: 'Tells the value of a setting.',
  auth: 'token',
  permission: { all: ['view-privileged-setting'] },
  answer: object({ _id: text(), value: anything() }),
  run(app, { params }) {
    const [setting] = app.settings.list({ ids: [params['_id'] ?? ''] });
    if (setting === undefined) throw new Refusal({ status: 400, body: { success: false } });
    return { _id: setting.id, value: setting.value };
  },
});
