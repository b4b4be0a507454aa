import { longestPasskeyName } from '../../../core/second-factor/passkey-enrol.ts';
import { endpoint } from '../endpoint.ts';
import { object, text } from '../schema.ts';

export default endpoint({
  method: 'post',
  path: '/api/v1/passkeys.rename',
  summary: "Gives one of the caller's passkeys another name.",
  auth: 'token',
  body: object({ id: text(), name: text({ minLength: 1, maxLength: longestPasskeyName }) }),
  answer: object({}),
  async run(app, { signed, body, caller }) {
    await app.passkey.rename(signed, body, caller);
    return {};
  },
});
