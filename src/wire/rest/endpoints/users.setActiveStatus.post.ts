import { endpoint } from '../endpoint.ts';
import { accountOf } from '../named-account.ts';
import { failure } from '../refusal.ts';
import { flag, object, optional, text } from '../schema.ts';

export default endpoint({
  method: 'post',
  path: '/api/v1/users.setActiveStatus',
  summary: 'Opens or closes an account; closing ends all its tokens, personal ones too.',
  auth: 'token',
  applications: false,
  permission: { any: ['edit-other-user-active-status', 'manage-moderation-actions'] },
  body: object({
    userId: text(),
    activeStatus: flag(),
    confirmRelinquish: optional(flag({ description: 'Ignored: there are no rooms.' })),
  }),
  answer: object({ user: object({ _id: text(), active: flag() }) }),
  async run(app, { signed, body, caller }) {
    const account = await accountOf(app, 'id', body.userId);
    if (account === undefined) throw failure('User not found');
    await app.account.setOpen(signed, account, body.activeStatus, caller);
    return { user: { _id: account.id, active: body.activeStatus } };
  },
});
