import { inactiveReasonOf } from '../../shapes/user-fields.ts';
import { endpoint } from '../endpoint.ts';
import { namedAccount } from '../named-account.ts';
import { flag, object, oneOf, optional, text } from '../schema.ts';

export default endpoint({
  method: 'get',
  path: '/api/v1/users.waysIn',
  summary: 'Tells by what an account can sign in, and why it is closed if it is.',
  auth: 'token',
  applications: false,
  permission: { all: ['view-full-other-user-info'] },
  query: object({ userId: text({ minLength: 1 }) }),
  answer: object({
    password: flag({ description: 'Whether it has one.' }),
    app: flag({ description: 'An authenticator app as second factor.' }),
    email: flag({ description: 'Codes by e-mail as second factor; asked for once an address is verified.' }),
    passkey: flag({ description: 'Passkeys as second factor.' }),
    passkeyAlone: flag({ description: 'A passkey signs in without the password.' }),
    inactiveReason: optional(oneOf('deactivated', 'pending_approval', 'idle_too_long')),
  }),
  async run(app, { query }) {
    const account = await namedAccount(app, query);
    const inactiveReason = inactiveReasonOf(account);
    return {
      password: account.hasPassword,
      ...account.secondFactors,
      ...(inactiveReason === undefined ? {} : { inactiveReason }),
    };
  },
});
