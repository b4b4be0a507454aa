import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { freePort } from './browser.ts';
import { HandBrowser, type Landed, openOpenIdWorld } from './openid-world.ts';
import { password } from './world.ts';

type Settings = Readonly<Record<string, string>>;

/** The settings of the custom service `First`, in the environment. */
function service(values: Settings): Settings {
  const named = (key: string): string => `Accounts_OAuth_Custom-First${key === '' ? '' : `-${key}`}`;
  return Object.fromEntries(Object.entries(values).map(([key, value]) => [named(key), value]));
}

/** Fills in what the first server asks for until the browser is at the second again. */
async function through(browser: HandBrowser, begun: Landed, second: string): Promise<Landed> {
  let at = begun;
  for (let steps = 0; steps < 4 && !at.url.href.startsWith(second); steps += 1) {
    const fields = at.url.pathname.endsWith('/sign-in') ? { username: 'ann', password } : { allow: 'yes' };
    at = await browser.send(at, fields);
  }
  return at;
}

describe('a second Countersign whose people sign in at the first', { timeout: 120_000 }, () => {
  for (const way of ['by its discovery document', 'by paths, as Rocket.Chat is set up'] as const) {
    it(`takes them ${way}`, async () => {
      const port = await freePort();
      const root = `http://127.0.0.1:${port}`;
      const first = await openOpenIdWorld();
      await first.add('ann');
      const { application, secret } = await first.addApplication({
        name: 'The second',
        redirects: `${root}/oauth/first/callback,${root}/_oauth/first`,
      });
      const shared = {
        '': 'true',
        'id': application.clientId,
        secret,
        'scope': 'openid profile email roles',
        'username_field': 'preferred_username',
        'email_field': 'email',
        'name_field': 'name',
        'avatar_field': 'picture',
        'roles_claim': 'roles',
        'show_button': 'true',
      };
      const own: Settings =
        way === 'by its discovery document'
          ? { issuer: first.issuer, token_sent_via: 'header' }
          : {
              url: first.issuer,
              authorize_path: '/auth',
              token_path: '/token',
              identity_path: '/userinfo',
              token_sent_via: 'payload',
              identity_token_sent_via: 'header',
            };
      const second = await openOpenIdWorld({ host: '127.0.0.1', port, env: service({ ...shared, ...own }) });
      try {
        const browser = new HandBrowser();
        const page = await browser.go(`${root}/sign-in?return=%2Fsign-out`);
        const button = /href="([^"]*\/oauth\/first[^"]*)"/u.exec(page.text)?.[1]?.replaceAll('&#38;', '&');
        assert.ok(button !== undefined, page.text);
        const asked = await browser.go(new URL(button, root));
        assert.equal(asked.url.origin, first.root);
        const back = await through(browser, asked, root);
        assert.match(back.text, /signed in as <strong>ann</u, `${back.url.href} ${back.text}`);
        const ann = await second.app.account.find({ by: 'username', value: 'ann' });
        assert.deepEqual(ann?.emails, [{ address: 'ann@example.com', verified: true }]);
        const again = await browser.go(new URL(button, root));
        assert.match(again.text, /signed in as <strong>ann</u);
        assert.equal((await second.app.account.find({ by: 'username', value: 'ann' }))?.id, ann?.id);
        assert.deepEqual([first.logged, second.logged], [[], []]);
      } finally {
        await second.close();
        await first.close();
      }
    });
  }
});
