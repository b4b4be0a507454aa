import { endpoint } from '../endpoint.ts';
import { currentPassword, ownWayInGate } from '../identity-shape.ts';
import { object, text } from '../schema.ts';

export default endpoint({
  method: 'post',
  path: '/api/v1/identities.link',
  summary:
    "Joins what a browser brought from a provider with the caller's account; a second factor or the password is asked for each time.",
  auth: 'token',
  limitedAcrossNodes: true,
  body: object({
    credentialToken: text({ maxLength: 512, description: 'As for a sign-in: it is used up.' }),
    credentialSecret: text({ maxLength: 512 }),
    currentPassword,
  }),
  answer: object({ provider: text(), subject: text() }),
  twoFactorFor: (app, { signed, body, supplied }) => ownWayInGate(app, signed, body.currentPassword, supplied),
  async run(app, { signed, body, caller }) {
    const pair = { token: body.credentialToken, secret: body.credentialSecret };
    const { provider, subject } = await app.identity.link(signed, 'oauth', pair, body.currentPassword, caller);
    return { provider, subject };
  },
});
