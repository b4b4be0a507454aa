import { Fault } from '../../../core/fault.ts';
import { endpoint } from '../endpoint.ts';
import { currentPassword, ownWayInGate } from '../identity-shape.ts';
import { accountOf } from '../named-account.ts';
import { object, optional, text } from '../schema.ts';

export default endpoint({
  method: 'post',
  path: '/api/v1/identities.unlink',
  summary:
    "Parts an identity from the caller's account and ends the sessions it has opened; with the permission edit-other-user-info from another's.",
  auth: 'token',
  body: object({
    provider: text({ maxLength: 256 }),
    subject: text({ maxLength: 2048 }),
    userId: optional(text()),
    currentPassword,
  }),
  answer: object({}),
  twoFactorFor(app, { signed, body, supplied }) {
    const isOwn = body.userId === undefined || body.userId === signed.account.id;
    if (isOwn) return ownWayInGate(app, signed, body.currentPassword, supplied);
    return { options: { remember: false, always: false }, supplied };
  },
  async run(app, { signed, body, caller }) {
    const { userId, provider, subject } = body;
    const isOwn = userId === undefined || userId === signed.account.id;
    // Before the look-up: without the right to edit others nobody learns here who exists.
    if (!isOwn && !app.permissions.held(signed, 'edit-other-user-info').held) {
      throw new Fault('permission-missing', { permission: 'edit-other-user-info' });
    }
    const account = isOwn ? signed.account : await accountOf(app, 'id', userId);
    if (account === undefined) throw new Fault('account-unknown');
    await app.identity.unlink(signed, account, { provider, subject }, body.currentPassword, caller);
    return {};
  },
});
