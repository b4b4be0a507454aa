import { endpoint } from '../endpoint.ts';
import { oauthServiceFaults } from '../oauth-services.ts';
import { object } from '../schema.ts';

export default endpoint({
  method: 'post',
  path: '/api/v1/settings.refreshOAuthServices',
  summary: 'Reads again what is set of OAuth services; needs the permission add-oauth-service.',
  auth: 'token',
  scoped: true,
  applications: false,
  twoFactor: { remember: true, always: false },
  body: object({}, { additionalProperties: true }),
  answer: object({}),
  faults: oauthServiceFaults('refreshOAuthService'),
  async run(app, { signed }) {
    await app.setting.refreshOauthServices(signed);
    return {};
  },
});
