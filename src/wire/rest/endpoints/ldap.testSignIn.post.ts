import { stepSentences } from '../../shapes/directory-steps.ts';
import { endpoint } from '../endpoint.ts';
import { failure } from '../refusal.ts';
import { flag, list, object, optional, text } from '../schema.ts';

export default endpoint({
  method: 'post',
  path: '/api/v1/ldap.testSignIn',
  summary:
    'Goes through a sign-in with the directory step by step, and signs nobody in. A wrong password counts as a failed sign-in.',
  auth: 'token',
  applications: false,
  permission: { all: ['test-admin-options'] },
  body: object({
    username: text({ minLength: 1, maxLength: 512, description: 'What the person types as name or address.' }),
    password: optional(text({ maxLength: 1024, description: 'Tried where it is given.' })),
  }),
  answer: object({
    steps: list(
      object({
        step: text({ description: 'switch, connection, search, group, open, password, person or account.' }),
        held: flag(),
        told: text({ description: 'A sentence, and lines that belong to it.' }),
      }),
      { description: 'In their order; where one did not hold the sign-in would be refused.' },
    ),
  }),
  async run(app, { signed, caller, body }) {
    if (!app.settings.get('LDAP_Enable')) throw failure('LDAP_disabled');
    const asked = { typed: body.username, password: body.password };
    const steps = await app.directory.trySignIn(signed, asked, caller);
    return { steps: steps.map((one) => ({ step: one.step, held: one.held, told: stepSentences(one).join('\n') })) };
  },
});
