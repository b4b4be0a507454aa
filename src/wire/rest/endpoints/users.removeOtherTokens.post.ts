import { endpoint } from '../endpoint.ts';
import { flag, object, optional } from '../schema.ts';

export default endpoint({
  method: 'post',
  path: '/api/v1/users.removeOtherTokens',
  summary: "Ends the caller's other sessions; personal tokens stay, unless they are to go as well.",
  auth: 'token',
  body: object({
    personalTokens: optional(flag({ description: 'Whether the personal tokens of the caller end as well.' })),
  }),
  answer: object({}),
  async run(app, { signed, body, caller }) {
    await app.session.endOthers(signed, caller, body.personalTokens);
    return {};
  },
});
