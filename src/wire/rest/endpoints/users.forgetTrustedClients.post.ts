import { endpoint } from '../endpoint.ts';
import { object, optional, text, whole } from '../schema.ts';

/** As ids are made; nothing else can be one. */
const id = { pattern: '^[0-9A-Za-z]{1,64}$', description: 'As in users.trustedClients; all where it is left out.' };

export default endpoint({
  method: 'post',
  path: '/api/v1/users.forgetTrustedClients',
  summary: "Asks the caller's clients for a second factor again, all or one.",
  auth: 'token',
  body: object({ id: optional(text(id)) }),
  answer: object({ forgotten: whole() }),
  run: async (app, { signed, body, caller }) => ({
    forgotten: await app.factor.forgetTrusted(signed, body.id, caller),
  }),
});
