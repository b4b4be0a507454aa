import { endpoint } from '../endpoint.ts';
import { accountMembers, namedAccountIfAny } from '../named-account.ts';
import { failure, forbidden } from '../refusal.ts';
import { object, oneOf, optional, text } from '../schema.ts';

export default endpoint({
  method: 'post',
  path: '/api/v1/users.setStatus',
  summary: 'Sets the status or its text; of another account with the permission edit-other-user-info.',
  auth: 'token',
  applications: true,
  rateLimit: 'Countersign_Rate_Limit_Set_Status',
  body: object({
    ...accountMembers,
    status: optional(oneOf('online', 'away', 'busy', 'offline')),
    message: optional(text()),
    expiresAt: optional(text({ description: 'When it falls back, ISO 8601.' })),
  }),
  answer: object({}),
  async run(app, { signed, body }) {
    if (body.status === undefined && body.message === undefined) {
      throw failure('Match error: Failed Match.OneOf, Match.Maybe or Match.Optional validation');
    }
    const named = await namedAccountIfAny(app, body);
    const account = named ?? signed.account;
    const mayEdit = app.permissions.held(signed, 'edit-other-user-info').held;
    const isOther = account.id !== signed.account.id;
    if (isOther && !mayEdit) throw forbidden();
    if (isOther && app.permissions.outranks(account.roles, signed.account.roles).held) throw forbidden();
    await app.account.chooseStatus(account, {
      status: body.status,
      text: body.message,
      endsAt: body.expiresAt === undefined ? undefined : Date.parse(body.expiresAt),
    });
    return {};
  },
});
