import { longestPasskeyName } from '../../../core/second-factor/passkey-enrol.ts';
import { endpoint } from '../endpoint.ts';
import { passkeyOf, passkeyShape } from '../passkey-shape.ts';
import { free, list, object, optional, text } from '../schema.ts';

export default endpoint({
  method: 'post',
  path: '/api/v1/passkeys.add',
  summary: 'Adds the passkey that a browser has made; every other session ends.',
  auth: 'token',
  enrolment: true,
  body: object({
    name: text({ minLength: 1, maxLength: longestPasskeyName, description: 'What its owner calls it.' }),
    credential: free({ description: 'RegistrationResponseJSON: what toJSON() of the new credential gives.' }),
  }),
  answer: object({
    passkey: object(passkeyShape),
    codes: optional(list(text(), { description: 'Backup codes, told this once, where the account had none left.' })),
  }),
  async run(app, { signed, body, caller }) {
    const { passkey, codes } = await app.passkey.add(signed, body, caller);
    return { passkey: passkeyOf(passkey), ...(codes === undefined ? {} : { codes }) };
  },
});
