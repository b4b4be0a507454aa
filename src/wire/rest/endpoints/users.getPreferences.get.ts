import { toldPreferences } from '../../shapes/preference-keys.ts';
import { endpoint } from '../endpoint.ts';
import { free, object } from '../schema.ts';

export default endpoint({
  method: 'get',
  path: '/api/v1/users.getPreferences',
  summary: 'Tells the preferences that the caller has chosen.',
  auth: 'token',
  applications: true,
  answer: object({ preferences: free() }),
  run: (_app, { signed }) => ({ preferences: toldPreferences(signed.account) }),
});
