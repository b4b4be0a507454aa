import { endpoint } from '../endpoint.ts';
import { accountMembers, namedAccount } from '../named-account.ts';
import { flag, list, object, optional, text } from '../schema.ts';

export default endpoint({
  method: 'post',
  path: '/api/v1/users.delete',
  summary: 'Deletes an account with everything that hangs on it.',
  auth: 'token',
  applications: false,
  permission: { all: ['delete-user'] },
  body: object({
    ...accountMembers,
    confirmRelinquish: optional(flag({ description: 'Ignored: there are no rooms.' })),
  }),
  answer: object({ deletedRooms: list(text()) }),
  async run(app, { signed, body, caller }) {
    await app.account.remove(signed, await namedAccount(app, body), caller);
    return { deletedRooms: [] };
  },
});
