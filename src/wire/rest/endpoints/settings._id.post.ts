import { endpoint } from '../endpoint.ts';
import { Refusal } from '../refusal.ts';
import { anything, flag, object, optional, text } from '../schema.ts';

export default endpoint({
  method: 'post',
  path: '/api/v1/settings/:_id',
  summary: 'Changes a setting.',
  auth: 'token',
  permission: { all: ['edit-privileged-setting'] },
  applications: false,
  twoFactor: { remember: true, always: false },
  body: object(
    { value: optional(anything()), execute: optional(flag()), editor: optional(text()) },
    { additionalProperties: true },
  ),
  answer: object({}),
  async run(app, { signed, params, body, caller }) {
    // No setting here is an action or a colour.
    if (body.value === undefined) throw new Refusal({ status: 400, body: { success: false } });
    await app.setting.change(signed, [{ id: params['_id'] ?? '', value: body.value }], caller);
    return {};
  },
});
