import { oauthButtons } from '../../shapes/login-services.ts';
import { endpoint } from '../endpoint.ts';
import { free, list, object } from '../schema.ts';

export default endpoint({
  method: 'get',
  path: '/api/v1/settings.oauth',
  summary: 'Lists the buttons for signing in elsewhere.',
  auth: 'none',
  answer: object({ services: list(free()) }),
  run: (app) => ({ services: [...oauthButtons(app)] }),
});
