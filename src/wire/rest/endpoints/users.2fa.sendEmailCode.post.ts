import { endpoint } from '../endpoint.ts';
import { accountOf } from '../named-account.ts';
import { object, text } from '../schema.ts';

export default endpoint({
  method: 'post',
  path: '/api/v1/users.2fa.sendEmailCode',
  summary: 'Mails a fresh code of the second factor by e-mail; who exists is not told.',
  auth: 'optional',
  limitedAcrossNodes: true,
  body: object({
    emailOrUsername: text({ description: 'Whose code it is; whoever is signed in gets one of their own.' }),
  }),
  answer: object({}),
  run(app, { signed, body: { emailOrUsername }, caller, afterwards }) {
    // Looking the name up and writing the mail takes its time only where there is somebody: the answer goes before.
    afterwards(async () => {
      const by = emailOrUsername.includes('@') ? 'email' : 'username';
      const account = signed?.account ?? (await accountOf(app, by, emailOrUsername));
      if (account !== undefined) await app.factor.sendEmailCode(account, caller);
    });
    return {};
  },
});
