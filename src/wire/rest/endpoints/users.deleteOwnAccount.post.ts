import { endpoint } from '../endpoint.ts';
import { flag, object, optional, text } from '../schema.ts';

export default endpoint({
  method: 'post',
  path: '/api/v1/users.deleteOwnAccount',
  summary: 'Deletes one’s own account, where the settings let people.',
  auth: 'token',
  body: object({
    password: text({
      maxLength: 128,
      description: 'SHA-256 of the password in hex; of the username where the account has no password.',
    }),
    confirmRelinquish: optional(flag({ description: 'Ignored: there are no rooms.' })),
  }),
  answer: object({}),
  async run(app, { signed, body, caller }) {
    await app.account.deleteOwn(signed, body.password, caller);
    return {};
  },
});
