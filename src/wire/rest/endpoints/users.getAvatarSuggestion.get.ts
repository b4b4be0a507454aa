import { endpoint } from '../endpoint.ts';
import { free, object } from '../schema.ts';

export default endpoint({
  method: 'get',
  path: '/api/v1/users.getAvatarSuggestion',
  summary: 'Suggests no pictures: none are fetched from elsewhere.',
  auth: 'token',
  applications: true,
  answer: object({ suggestions: free() }),
  run: () => ({ suggestions: {} }),
});
