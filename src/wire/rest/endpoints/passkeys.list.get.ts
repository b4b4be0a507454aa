import { endpoint } from '../endpoint.ts';
import { passkeyOf, passkeyShape } from '../passkey-shape.ts';
import { flag, list, object } from '../schema.ts';

export default endpoint({
  method: 'get',
  path: '/api/v1/passkeys.list',
  summary: "Lists the caller's passkeys, oldest first.",
  auth: 'token',
  answer: object({
    passkeys: list(object(passkeyShape)),
    alone: flag({ description: 'Whether a passkey alone lets the account in, without its password.' }),
  }),
  run: async (app, { signed }) => ({
    passkeys: (await app.passkey.list(signed)).map(passkeyOf),
    alone: signed.account.secondFactors.passkeyAlone,
  }),
});
