import { endpoint } from '../endpoint.ts';
import { always, codedAs } from '../faults.ts';
import { object, optional, text } from '../schema.ts';

export default endpoint({
  method: 'post',
  path: '/api/v1/users.logout',
  summary: 'Ends every session of the caller, or of another account with the permission logout-other-user.',
  auth: 'token',
  scoped: true,
  applications: false,
  body: object({ userId: optional(text()) }),
  answer: object({ message: text() }),
  faults: {
    'permission-missing': always(403, { error: 'unauthorized' }),
    'account-unknown': codedAs('error-invalid-user-id', 'Invalid user id'),
  },
  async run(app, { signed, body, caller }) {
    const named = body.userId?.trim() ?? '';
    const userId = named === '' ? signed.account.id : named;
    await app.session.endAllOf(signed, userId, caller);
    return { message: `User ${userId} has been logged out!` };
  },
});
