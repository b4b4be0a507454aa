import { invalidBody } from '../checked.ts';
import { endpoint } from '../endpoint.ts';
import { accountMembers, namedAccount } from '../named-account.ts';
import { object, optional, text } from '../schema.ts';

const secretMissing = "must have required property 'secret'";

export default endpoint({
  method: 'post',
  path: '/api/v1/users.createToken',
  summary: 'Makes a token for an account, where the operator has opened this (CREATE_TOKENS_FOR_USERS).',
  auth: 'token',
  scoped: true,
  applications: false,
  body: object({
    ...accountMembers,
    secret: optional(text({ minLength: 1, description: 'Required where CREATE_TOKENS_FOR_USERS_SECRET is set.' })),
  }),
  answer: object({ data: object({ userId: text(), authToken: text() }) }),
  async run(app, { signed, body, caller, config }) {
    const { secret } = body;
    if (config.tokenSecretRequired && secret === undefined) throw invalidBody(secretMissing);
    // Before the look-up: without the right to make tokens nobody learns here who exists.
    app.session.mustAllowTokenMaking(secret);
    const account = await namedAccount(app, body);
    const made = await app.session.makeTokenFor(signed, account, secret, caller);
    return { data: { userId: made.account.id, authToken: made.text } };
  },
});
