import { endpoint } from '../endpoint.ts';
import { examined } from '../ldap-test.ts';
import { failure } from '../refusal.ts';
import { object, text } from '../schema.ts';

export default endpoint({
  method: 'post',
  path: '/api/v1/ldap.testSearch',
  summary: 'Looks for somebody in the directory, as a sign-in would.',
  auth: 'token',
  applications: false,
  permission: { all: ['test-admin-options'] },
  body: object({ username: text() }),
  answer: object({ message: text() }),
  async run(app, { body }) {
    const last = await examined(app, { typed: body.username });
    if (last.step === 'search' && !last.held) throw failure('User not found');
    return { message: 'LDAP_User_Found' };
  },
});
