import { endpoint } from '../endpoint.ts';
import { codedAs } from '../faults.ts';
import { accountMembers, namedAccountIfAny } from '../named-account.ts';
import { object } from '../schema.ts';

const refused = codedAs('error-not-allowed', 'Reset avatar is not allowed', { method: 'users.resetAvatar' });

export default endpoint({
  method: 'post',
  path: '/api/v1/users.resetAvatar',
  summary: 'Gives an account its drawn picture back; another’s with edit-other-user-avatar.',
  auth: 'token',
  body: object(accountMembers),
  answer: object({}),
  faults: { 'switched-off': refused, 'permission-missing': refused },
  async run(app, { signed, body, caller }) {
    const account = (await namedAccountIfAny(app, body)) ?? signed.account;
    await app.avatar.reset(signed, account, caller);
    return {};
  },
});
