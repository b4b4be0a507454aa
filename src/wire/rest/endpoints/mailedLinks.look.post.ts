import { endpoint } from '../endpoint.ts';
import { flag, object, oneOf, optional, text } from '../schema.ts';

export default endpoint({
  method: 'post',
  path: '/api/v1/mailedLinks.look',
  summary: 'Tells whether a mailed link is good now, and whose it is; uses nothing up.',
  auth: 'none',
  body: object({
    token: text({ maxLength: 512, description: 'What stands at the end of the link.' }),
    purpose: oneOf('password', 'verification'),
  }),
  answer: object({
    held: flag(),
    username: optional(text({ description: 'Of the account that it is for, if it has one.' })),
  }),
  async run(app, { body: { token, purpose } }) {
    const { resetLinkHolds, verificationLinkHolds } = app.recovery;
    const { held, username } = await (purpose === 'password' ? resetLinkHolds(token) : verificationLinkHolds(token));
    return { held, ...(username === undefined ? {} : { username }) };
  },
});
