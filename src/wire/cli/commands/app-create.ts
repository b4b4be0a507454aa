import { credentialsOf } from '../applications.ts';
import { type Command, UsageError } from '../command.ts';

export const appCreate: Command = {
  words: 'app create',
  summary: 'Let the people of another service sign in here, and print what that service needs.',
  about:
    'Browsers are sent back to the named addresses alone, compared letter by letter. With --permission its access tokens carry those permissions only, without it all that the person has.',
  arguments: [{ name: 'name', about: 'what people read who are asked to let it in' }],
  options: [
    { flags: '--redirect <address>', about: 'where browsers are sent back to', many: true },
    { flags: '--public', about: 'it can keep no secret, such as a program on a telephone; it must use PKCE' },
    { flags: '--permission <permission>', about: 'a permission that its access tokens carry', many: true },
    { flags: '--read-only', about: 'its access tokens carry no permission at all' },
    {
      flags: '--post-logout-redirect <address>',
      about: 'for OpenID Connect: where browsers go after signing out',
      many: true,
    },
    { flags: '--back-channel-logout <address>', about: 'for OpenID Connect: is told that a session has ended' },
  ],
  example: 'countersign app create Wiki --redirect https://wiki.example.org/callback',
  async run(given, desk) {
    const redirects = given.texts('redirect');
    const permissions = given.texts('permission');
    const readOnly = given.flag('readOnly');
    if (redirects.length === 0) throw new UsageError('Give at least one --redirect.');
    if (readOnly && permissions.length > 0) throw new UsageError('Give either --permission or --read-only.');
    const asked = {
      name: given.argument('name'),
      active: true,
      redirects: redirects.join('\n'),
      options: {
        publicClient: given.flag('public'),
        clientProof: undefined,
        postLogoutRedirects: given.texts('postLogoutRedirect'),
        backChannelLogout: given.text('backChannelLogout'),
        permissions: readOnly || permissions.length > 0 ? permissions : undefined,
      },
    };
    return await desk.withApp(async (app) => {
      const application = await app.application.host.add(asked, desk.caller);
      return {
        ...credentialsOf(app, application),
        note: `${application.name} is made. People can sign in there now.`,
        unwritten: `${application.name} is made with the client id ${application.clientId}, and its secret is lost: countersign app rotate-secret gives another.`,
      };
    });
  },
};
