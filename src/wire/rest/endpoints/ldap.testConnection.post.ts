import { endpoint } from '../endpoint.ts';
import { examined } from '../ldap-test.ts';
import { object, text } from '../schema.ts';

export default endpoint({
  method: 'post',
  path: '/api/v1/ldap.testConnection',
  summary: 'Tries the directory: connects, encrypts, and signs the service account in.',
  auth: 'token',
  applications: false,
  permission: { all: ['test-admin-options'] },
  body: object({}, { additionalProperties: true }),
  answer: object({ message: text() }),
  async run(app) {
    await examined(app, {});
    return { message: 'LDAP_Connection_successful' };
  },
});
