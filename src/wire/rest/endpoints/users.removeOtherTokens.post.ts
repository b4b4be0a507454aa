import { endpoint } from '../endpoint.ts';
import { object } from '../schema.ts';

export default endpoint({
  method: 'post',
  path: '/api/v1/users.removeOtherTokens',
  summary: "Ends the caller's other sessions; personal tokens stay.",
  auth: 'token',
  answer: object({}),
  async run(app, { signed, caller }) {
    await app.session.endOthers(signed, caller);
    return {};
  },
});
