import { loginServiceDocuments } from '../../shapes/login-services.ts';
import { endpoint } from '../endpoint.ts';
import { free, list, object } from '../schema.ts';

export default endpoint({
  method: 'get',
  path: '/api/v1/service.configurations',
  summary: 'Lists the configured ways to sign in elsewhere, as the realtime API publishes them.',
  auth: 'none',
  answer: object({ configurations: list(free()) }),
  run: (app) => ({ configurations: [...loginServiceDocuments(app)] }),
});
