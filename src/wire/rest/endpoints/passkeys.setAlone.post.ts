import { endpoint } from '../endpoint.ts';
import { flag, object } from '../schema.ts';

export default endpoint({
  method: 'post',
  path: '/api/v1/passkeys.setAlone',
  summary: "Says whether one of the caller's passkeys alone lets them in, without their password.",
  auth: 'token',
  twoFactor: { remember: false, always: false },
  body: object({ alone: flag() }),
  answer: object({}),
  async run(app, { signed, body, caller }) {
    await app.passkey.setAlone(signed, body.alone, caller);
    return {};
  },
});
