import { Fault } from '../../../core/fault.ts';
import { pictureInAddress } from '../../shapes/avatar-address.ts';
import { uploadOf } from '../bodies.ts';
import { endpoint } from '../endpoint.ts';
import { codedAs } from '../faults.ts';
import { accountMembers, namedAccountIfAny } from '../named-account.ts';
import { failure } from '../refusal.ts';
import { object, optional, text } from '../schema.ts';

const details = { method: 'users.setAvatar' };

export default endpoint({
  method: 'post',
  path: '/api/v1/users.setAvatar',
  summary: 'Gives an account a picture: PNG, JPEG, GIF or WebP; another’s with edit-other-user-avatar.',
  auth: 'token',
  upload: true,
  body: object({
    ...accountMembers,
    avatarUrl: optional(
      text({
        description: 'The picture as a data: address, in place of a form’s file named image. No other is fetched.',
      }),
    ),
  }),
  answer: object({}),
  faults: {
    'switched-off': codedAs('error-not-allowed', 'Change avatar is not allowed', details),
    'permission-missing': codedAs('error-not-allowed', 'Not allowed', details),
  },
  async run(app, { signed, body, caller }) {
    const account = (await namedAccountIfAny(app, body)) ?? signed.account;
    app.avatar.mustMayChoose(signed, account);
    const file = uploadOf(body);
    const { avatarUrl = '' } = body;
    const bytes = file?.field === 'image' ? file.bytes : avatarUrl === '' ? undefined : pictureInAddress(avatarUrl);
    if (bytes === undefined && avatarUrl !== '') throw new Fault('avatar-address-refused');
    if (bytes === undefined) throw failure("The 'image' param is required");
    await app.avatar.put(signed, account, bytes, caller);
    return {};
  },
});
