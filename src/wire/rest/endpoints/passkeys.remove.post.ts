import { endpoint } from '../endpoint.ts';
import { object, text } from '../schema.ts';

export default endpoint({
  method: 'post',
  path: '/api/v1/passkeys.remove',
  summary: "Takes one of the caller's passkeys away.",
  auth: 'token',
  twoFactor: { remember: false, always: false },
  body: object({ id: text() }),
  answer: object({}),
  async run(app, { signed, body, caller }) {
    await app.passkey.remove(signed, body.id, caller);
    return {};
  },
});
