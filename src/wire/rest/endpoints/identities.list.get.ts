import { endpoint } from '../endpoint.ts';
import { identityAsListed, identityShape } from '../identity-shape.ts';
import { list, object, optional, text } from '../schema.ts';

export default endpoint({
  method: 'get',
  path: '/api/v1/identities.list',
  summary:
    "Lists the caller's identities at providers, oldest first; with the permission view-full-other-user-info those of another account.",
  auth: 'token',
  query: object({ userId: optional(text()) }),
  answer: object({ identities: list(object(identityShape)) }),
  run: async (app, { signed, query }) => ({
    identities: (await app.identity.list(signed, query.userId ?? signed.account.id)).map(identityAsListed),
  }),
});
