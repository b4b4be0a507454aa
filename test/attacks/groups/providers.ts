import assert from 'node:assert/strict';
import { unlimited } from '../arena.ts';
import type { Group } from '../group.ts';
import { mustTellNothing } from '../verdict.ts';

/** Nobody listens there. */
const nowhere = 'http://127.0.0.1:9';
const token = 'a'.repeat(43);

/** K: people from elsewhere, as far as no provider has to answer; the rest stands in `test/oauth-flow.test.ts` and beside it. */
export const providers: Group = {
  letter: 'K',
  about: 'log-ins that name a provider',
  env: {
    ...unlimited,
    OVERWRITE_SETTING_Accounts_OAuth_Google: 'true',
    OVERWRITE_SETTING_Accounts_OAuth_Google_id: 'client',
    OVERWRITE_SETTING_Accounts_OAuth_Google_secret: 'secret-of-the-client',
    OVERWRITE_SETTING_Accounts_OAuth_Google_token_url: `${nowhere}/token`,
    OVERWRITE_SETTING_Accounts_OAuth_Google_identity_url: `${nowhere}/userinfo`,
    OVERWRITE_SETTING_Accounts_OAuth_Google_jwks_url: `${nowhere}/keys`,
    // Switched on, and without a secret.
    OVERWRITE_SETTING_Accounts_OAuth_Github: 'true',
    OVERWRITE_SETTING_Accounts_OAuth_Github_id: 'client',
    OVERWRITE_SETTING_Countersign_Rate_Limit_Browser_Flow: '100000',
  },
  cases: [
    {
      id: 'K08',
      cve: ['CVE-2026-3009'],
      about: 'a token of another type, or of a service that is unknown, off or not configured, is refused',
      must: 'refuse',
      bodies: () => [
        { serviceName: 'google', accessToken: { $ne: '' }, idToken: 'x', expiresIn: 1 },
        { serviceName: 'google', accessToken: 'x', idToken: { $ne: '' }, expiresIn: 1 },
        { serviceName: 'google', accessToken: 'x', idToken: 'x', expiresIn: { $gt: 0 } },
        { serviceName: 'google', accessToken: ['x'], idToken: 'x', expiresIn: 1 },
        { serviceName: 'google', accessToken: 'x' },
        { serviceName: { $ne: '' }, accessToken: 'x', expiresIn: 1 },
        { serviceName: ['google'], accessToken: 'x', expiresIn: 1 },
        { serviceName: 'google' },
        { accessToken: 'x', expiresIn: 1 },
        ...['__proto__', 'constructor', 'toString', 'GOOGLE', 'facebook', 'github', 'nobody'].map((serviceName) => ({
          serviceName,
          accessToken: 'x',
          idToken: 'x',
          secret: 'x',
          expiresIn: 1,
        })),
        { identityToken: { $ne: '' } },
        { identityToken: 'x.y.z' },
      ],
    },
    {
      id: 'K20',
      about: 'a pair that nobody was given is refused, whatever its types',
      must: 'refuse',
      bodies: () => [
        { oauth: { credentialToken: token, credentialSecret: token } },
        { oauth: { credentialToken: token, credentialSecret: null } },
        { oauth: { credentialToken: { $ne: '' }, credentialSecret: { $ne: '' } } },
        { oauth: { credentialToken: token, credentialSecret: { $exists: false } } },
        { oauth: { credentialToken: token } },
        { oauth: { credentialSecret: token } },
        { oauth: [token, token] },
        { oauth: token },
        { oauth: { credentialToken: token, credentialSecret: token }, totp: { code: '000000' } },
        { totp: { login: { oauth: { credentialToken: token, credentialSecret: token } }, code: '000000' } },
        { totp: { login: { serviceName: 'nobody', accessToken: 'x' }, code: { $ne: '' } } },
      ],
    },
    {
      id: 'K15',
      about: 'no text of a request gets into the page on which a sign-in ends',
      act: async (arena) => {
        const text = `"><script>alert('${'x'.repeat(17)}')</script>`;
        const states = [
          text,
          Buffer.from(JSON.stringify({ loginStyle: 'redirect', credentialToken: token, redirectUrl: text })),
          Buffer.from(
            JSON.stringify({ loginStyle: 'redirect', credentialToken: token, redirectUrl: '//evil.example' }),
          ),
          Buffer.from(JSON.stringify({ loginStyle: text, credentialToken: token })),
          Buffer.from(JSON.stringify({ loginStyle: 'popup', credentialToken: text })),
          Buffer.from(JSON.stringify({ loginStyle: 'popup', credentialToken: { $ne: '' } })),
          Buffer.from('[]'),
          Buffer.from('{"loginStyle":"popup","__proto__":{"credentialToken":"x"}}'),
        ].map((state) => (typeof state === 'string' ? state : state.toString('base64')));
        for (const service of ['google', 'github', 'nobody', '__proto__', '..%2f', '%3Cscript%3E']) {
          for (const state of states) {
            const query = new URLSearchParams({ state, error: text, iss: text }).toString();
            const { status, text: page } = await arena.ask({ path: `/_oauth/${service}?${query}` });
            assert.equal(status, 200, service);
            assert.doesNotMatch(page, /alert|evil|<script>/u);
            mustTellNothing(page);
          }
        }
      },
    },
  ],
};
