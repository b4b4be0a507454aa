import { endpoint } from '../endpoint.ts';
import { object, text } from '../schema.ts';

export default endpoint({
  method: 'post',
  path: '/api/v1/users.logoutOtherClients',
  summary: "Ends the caller's other sessions; personal tokens stay.",
  auth: 'token',
  answer: object({
    token: text({ description: 'The token that was shown.' }),
    tokenExpires: text({ description: 'When it ends, ISO 8601; empty for never.' }),
  }),
  async run(app, { signed, caller, token }) {
    await app.session.endOthers(signed, caller);
    const { endsAt } = signed.token;
    return { token, tokenExpires: endsAt === undefined ? '' : new Date(endsAt).toISOString() };
  },
});
