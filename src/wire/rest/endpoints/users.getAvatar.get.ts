import { avatarUrl } from '../../shapes/me.ts';
import { endpoint } from '../endpoint.ts';
import { accountMembers, namedAccountIfAny } from '../named-account.ts';
import { redirect } from '../refusal.ts';
import { object } from '../schema.ts';

export default endpoint({
  method: 'get',
  path: '/api/v1/users.getAvatar',
  summary: 'Leads to the picture of an account, the caller’s own if none is named.',
  auth: 'token',
  applications: true,
  query: object(accountMembers),
  answer: object({}),
  async run(app, { signed, query }) {
    const account = (await namedAccountIfAny(app, query)) ?? signed.account;
    throw redirect(avatarUrl(app.settings.get('Site_Url'), account.username) ?? app.settings.get('Site_Url'));
  },
});
