import { Fault } from '../../../core/fault.ts';
import { endpoint } from '../endpoint.ts';
import { codedAs } from '../faults.ts';
import { accountMembers, namedAccountIfAny } from '../named-account.ts';
import { object } from '../schema.ts';

export default endpoint({
  method: 'post',
  path: '/api/v1/users.resetTOTP',
  summary:
    'Takes every second factor away and ends all tokens: of the caller, or of another account with the permission edit-other-user-totp.',
  auth: 'token',
  twoFactor: { remember: false, always: false },
  body: object(accountMembers),
  answer: object({}),
  faults: { 'permission-missing': codedAs('error-not-allowed', 'Not allowed') },
  async run(app, { signed, body, caller }) {
    const { account: own } = signed;
    const named = [body.userId, body.username, body.user].filter((name) => name !== undefined && name.trim() !== '');
    const isOwn = named.every((name) => name === own.id || name?.toLowerCase() === own.username?.toLowerCase());
    // Before the look-up: without the right to reset others nobody learns here who exists.
    if (!isOwn && !app.permissions.held(signed, 'edit-other-user-totp').held) throw new Fault('permission-missing');
    await app.factor.reset(signed, (await namedAccountIfAny(app, body)) ?? own, caller);
    return {};
  },
});
