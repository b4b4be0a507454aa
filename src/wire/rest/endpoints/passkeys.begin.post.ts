import { endpoint } from '../endpoint.ts';
import { free, object } from '../schema.ts';

export default endpoint({
  method: 'post',
  path: '/api/v1/passkeys.begin',
  summary: 'Begins to add a passkey: gives what a browser needs to make one, good for five minutes, once.',
  auth: 'token',
  enrolment: true,
  twoFactor: { remember: false, always: false },
  answer: object({
    options: free({
      description: 'PublicKeyCredentialCreationOptionsJSON, for PublicKeyCredential.parseCreationOptionsFromJSON().',
    }),
  }),
  run: async (app, { signed }) => ({ options: await app.passkey.begin(signed) }),
});
