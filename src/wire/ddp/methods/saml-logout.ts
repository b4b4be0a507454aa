import { userMethod } from '../method.ts';
import { textOf } from '../params.ts';

/** Gives the address at which the identity provider signs the caller out; nothing where there is none (providers.md §5.1). */
export const samlLogout = userMethod({
  name: 'samlLogout',
  params: ([provider]) => textOf(provider),
  run: async (app, { signed }, provider) => await app.saml.leave(signed, provider),
});
