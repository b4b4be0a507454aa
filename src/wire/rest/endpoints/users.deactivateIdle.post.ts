import { endpoint } from '../endpoint.ts';
import { object, optional, text, whole } from '../schema.ts';

export default endpoint({
  method: 'post',
  path: '/api/v1/users.deactivateIdle',
  summary: 'Closes the accounts that nobody has signed in to for long; the last administrator stays.',
  auth: 'token',
  applications: false,
  permission: { all: ['edit-other-user-active-status'] },
  body: object({
    daysIdle: whole({ minimum: 1, maximum: 36_500 }),
    role: optional(text({ description: 'Only holders of this role; user if left out.' })),
  }),
  answer: object({ count: whole() }),
  async run(app, { signed, body, caller }) {
    const asked = { days: body.daysIdle, role: body.role ?? 'user' };
    return { count: await app.account.closeIdle(signed, asked, caller) };
  },
});
