import { endpoint } from '../endpoint.ts';
import { madeUser } from '../made-user.ts';
import { failure } from '../refusal.ts';
import { registerFaults } from '../register-faults.ts';
import { free, object, optional, text } from '../schema.ts';

export default endpoint({
  method: 'post',
  path: '/api/v1/users.register',
  summary: 'Makes an account for whoever asks, where the settings let them; signs nobody in.',
  auth: 'optional',
  rateLimit: 'Rate_Limiter_Limit_RegisterUser',
  limitedAcrossNodes: 'registration',
  body: object({
    username: text(),
    email: text(),
    pass: text({ maxLength: 4096 }),
    name: optional(text()),
    secret: optional(text({ description: 'Where registration is open by a secret address only.' })),
    reason: optional(text({ description: 'For whoever approves the account.' })),
    customFields: optional(free()),
  }),
  answer: object({ user: free() }),
  faults: registerFaults,
  async run(app, { signed, body, caller }) {
    if (signed !== undefined) throw failure('Logged in users can not register again.');
    const { username, email, pass: password, name, secret, reason, customFields = {} } = body;
    const asked = { username, email, password, name, secret, reason, customFields };
    const account = await app.registration.register(asked, caller);
    return { user: madeUser(app, account, undefined) };
  },
});
