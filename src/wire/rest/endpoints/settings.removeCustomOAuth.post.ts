import { endpoint } from '../endpoint.ts';
import { nameIn, oauthServiceFaults } from '../oauth-services.ts';
import { object, optional, text } from '../schema.ts';

export default endpoint({
  method: 'post',
  path: '/api/v1/settings.removeCustomOAuth',
  summary: 'Removes a custom OAuth service with its settings; needs the permission add-oauth-service.',
  auth: 'token',
  scoped: true,
  applications: false,
  twoFactor: { remember: true, always: false },
  body: object({ name: optional(text()) }, { additionalProperties: true }),
  answer: object({}),
  faults: oauthServiceFaults('removeOAuthService'),
  async run(app, { signed, body, caller }) {
    await app.setting.removeOauthService(signed, nameIn(body), caller);
    return {};
  },
});
