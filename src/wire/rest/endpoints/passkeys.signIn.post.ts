import { endpoint } from '../endpoint.ts';
import { logInFaults } from '../log-in-faults.ts';
import { free, object, text } from '../schema.ts';

export default endpoint({
  method: 'post',
  path: '/api/v1/passkeys.signIn',
  summary: 'Signs in with a passkey and nothing else, where its account allows that.',
  auth: 'none',
  limitedAcrossNodes: true,
  body: object({
    credential: free({ description: 'AuthenticationResponseJSON: what toJSON() of the shown credential gives.' }),
  }),
  answer: object({ loginToken: text(), userId: text() }),
  faults: logInFaults,
  async run(app, { body, caller }) {
    const { account, text: loginToken } = await app.passkey.signIn(body.credential, caller);
    return { loginToken, userId: account.id };
  },
});
