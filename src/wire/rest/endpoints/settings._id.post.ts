import { typedValue } from '../../shapes/typed-setting.ts';
import { isForm } from '../bodies.ts';
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
    const id = params['_id'] ?? '';
    const definition = app.settings.list({ ids: [id] })[0]?.definition;
    // A form holds text alone, and what it means only the setting knows.
    const isText = isForm(body) && typeof body.value === 'string' && definition !== undefined;
    const value = isText ? typedValue(definition, body.value) : body.value;
    await app.setting.change(signed, [{ id, value }], caller);
    return {};
  },
});
