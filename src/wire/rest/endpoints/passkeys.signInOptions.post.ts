import { endpoint } from '../endpoint.ts';
import { free, object } from '../schema.ts';

export default endpoint({
  method: 'post',
  path: '/api/v1/passkeys.signInOptions',
  summary: 'Gives what a browser needs to sign in with a passkey alone; the same for everybody.',
  auth: 'none',
  answer: object({
    options: free({
      description: 'PublicKeyCredentialRequestOptionsJSON, for PublicKeyCredential.parseRequestOptionsFromJSON().',
    }),
  }),
  run: async (app) => ({ options: await app.passkey.signInOptions() }),
});
