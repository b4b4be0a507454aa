import { endpoint } from '../endpoint.ts';
import { free, list, object } from '../schema.ts';

export default endpoint({
  method: 'get',
  path: '/api/v1/settings.oauth',
  summary: 'Lists the buttons for signing in elsewhere; none in this release.',
  auth: 'none',
  answer: object({ services: list(free()) }),
  run: () => ({ services: [] }),
});
