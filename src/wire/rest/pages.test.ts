import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { caller } from '../../../test/world.ts';
import { openPageFiles, type PageFiles } from '../../lib/page-files.ts';
import { arabic } from '../shapes/words/ar.ts';
import { german } from '../shapes/words/de.ts';
import { english, type WordKey } from '../shapes/words/en.ts';
import { type RestReply, type RestWorld, withRest } from './rest-world.suite.ts';

/** As the real one is built: what the server fills in stands in these very words. */
const document = `<!doctype html><html><head><link rel="icon" href="./assets/icon.svg"><title></title>
<noscript><meta http-equiv="refresh" content="0; url=?plain=1" /></noscript>
<script id="facts" type="application/json">{"facts":true}</script>
<script type="module" src="./assets/main.js"></script></head><body></body></html>`;

const folder = mkdtempSync(join(tmpdir(), 'countersign-shell-'));
let pages: PageFiles;

before(() => {
  mkdirSync(join(folder, 'assets'));
  writeFileSync(join(folder, 'index.html'), document);
  writeFileSync(join(folder, 'secret.js'), 'not to be served');
  for (const name of ['main.js', 'main.js.br', 'main.js.gz', 'icon.svg']) {
    writeFileSync(join(folder, 'assets', name), `bytes of ${name}`);
  }
  pages = openPageFiles(folder) ?? assert.fail('the folder was not opened');
});
after(() => {
  rmSync(folder, { recursive: true, force: true });
});

async function withPages(
  act: (world: RestWorld) => Promise<void>,
  env: Readonly<Record<string, string>> = {},
): Promise<void> {
  await withRest(act, { pages, env: { OVERWRITE_SETTING_API_Enable_Rate_Limiter: 'false', ...env } });
}

const withScript = [
  '/',
  '/sign-in',
  '/register',
  '/register/some-secret',
  '/forgot-password',
  '/account',
  '/account/security',
  '/admin',
  '/admin/users',
  '/admin/users/some-id',
  '/setup',
  '/home',
  '/reset-password/some-token',
  '/enroll-account/some-token',
  '/verify-email/some-token',
];

const without = [
  ...withScript.map((path) => `${path}?plain=1`),
  '/sign-out',
  '/2fa/totp/some-challenge',
  '/api-docs',
  '/oauth/error/404',
  '/oauth/google/callback',
];

/** What holds for every page, whoever opens it and however it ends. */
function mustBeShut({ headers, text }: RestReply, path: string): void {
  const policy = String(headers['content-security-policy']);
  for (const rule of ["default-src 'none'", "base-uri 'none'", "frame-ancestors 'none'", 'form-action']) {
    assert.ok(policy.includes(rule), `${path}: ${rule}`);
  }
  assert.doesNotMatch(policy, /unsafe-inline|unsafe-eval|https?:|\*/u, path);
  assert.equal(headers['x-frame-options'], 'DENY', path);
  assert.equal(headers['x-content-type-options'], 'nosniff', path);
  assert.equal(headers['cache-control'], 'no-store', path);
  assert.match(String(headers['referrer-policy']), /^(?:no-referrer|same-origin)$/u, path);
  assert.equal(headers['cross-origin-opener-policy'], 'same-origin', path);
  assert.match(String(headers['permissions-policy']), /camera=\(\)/u, path);
  assert.doesNotMatch(text, /\son\w+=|javascript:|\sstyle=/iu, path);
}

describe('every page', () => {
  it('is answered with what shuts it off from everything else', async () => {
    await withPages(async ({ call }) => {
      for (const path of [...withScript, ...without]) {
        const reply = await call({ url: path });
        assert.match(String(reply.headers['content-type']), /^text\/html; charset=utf-8$/u, path);
        mustBeShut(reply, path);
        assert.equal(reply.headers['strict-transport-security'], undefined);
        const policy = String(reply.headers['content-security-policy']);
        assert.equal(policy.includes("script-src 'self'"), withScript.includes(path), path);
        assert.equal(policy.includes("require-trusted-types-for 'script'"), withScript.includes(path), path);
      }
    });
  });

  it('is kept to TLS where it is reached by it', async () => {
    await withPages(
      async ({ call }) => {
        for (const path of [...withScript, ...without]) {
          const { headers } = await call({ url: path });
          assert.equal(headers['strict-transport-security'], 'max-age=31536000', path);
        }
      },
      { OVERWRITE_SETTING_Site_Url: 'https://auth.example.org' },
    );
  });

  it('leads a browser without script to the same place, and never round in a circle', async () => {
    await withPages(async ({ call }) => {
      const asked = await call({ url: '/sign-in?return=%2Faccount%3Fa%3D1%26b&plain=0&x="><b>' });
      const [, to = ''] = /content="0; url=([^"]*)"/u.exec(asked.text) ?? [];
      const query = new URLSearchParams(to.replaceAll('&#38;', '&'));
      assert.deepEqual(
        [query.get('return'), query.getAll('plain'), query.get('x')],
        ['/account?a=1&b', ['1'], '"><b>'],
      );
      assert.doesNotMatch(asked.text, /"><b>/u);
      for (const path of [...withScript, '/?plain=1&plain=1']) {
        const url = path.includes('?') ? path : `${path}?plain=1`;
        const { text } = await call({ url });
        const [, again] = /http-equiv="refresh" content="0; url=([^"]*)"/u.exec(text) ?? [];
        // Asked for twice is asked for once more, and then it is there.
        if (path.includes('?')) assert.equal(again, '?plain=1');
        else assert.equal(again, undefined, path);
      }
    });
  });

  it('tells nobody the address that opens something', async () => {
    await withPages(async ({ call }) => {
      for (const path of ['/reset-password/secret', '/enroll-account/secret', '/verify-email/secret']) {
        for (const url of [path, `${path}?plain=1`]) {
          const { headers, text } = await call({ url });
          assert.equal(headers['referrer-policy'], 'no-referrer', url);
          assert.doesNotMatch(text, /secret/u, url);
        }
      }
      const { headers } = await call({ url: '/home?loginCode=0123' });
      assert.equal(headers['referrer-policy'], 'no-referrer');
    });
  });

  it('has what is named as text: nothing breaks out of the document', async () => {
    const evil = `</script><!--<script>alert(1)</script> " ' & {"facts":true} $& $' <title></title> \u2028\u2029 ./assets/`;
    await withPages(
      async ({ call }) => {
        for (const path of ['/', '/sign-in']) {
          const { text } = await call({ url: path });
          const [, inside = ''] = /<script id="facts" type="application\/json">(.*?)<\/script>/su.exec(text) ?? [];
          const facts = JSON.parse(inside) as { siteName: string; services: readonly { label: string }[] };
          assert.equal(facts.siteName, evil);
          assert.ok(facts.services.some(({ label }) => label === evil));
          assert.doesNotMatch(inside, /</u);
          assert.equal([...text.matchAll(/<script/gu)].length, 2);
          assert.equal([...text.matchAll(/<\/script>/gu)].length, 2);
          assert.doesNotMatch(text, /<!--/u);
        }
        const plain = await call({ url: '/sign-in?plain=1' });
        assert.doesNotMatch(plain.text, /<script/u);
      },
      {
        OVERWRITE_SETTING_Site_Name: evil,
        OVERWRITE_SETTING_CAS_enabled: 'true',
        OVERWRITE_SETTING_CAS_base_url: 'https://cas.example',
        OVERWRITE_SETTING_CAS_login_url: 'https://cas.example/login',
        OVERWRITE_SETTING_CAS_button_label_text: evil,
      },
    );
  });

  it('works behind a path of its own, whatever stands in it', async () => {
    for (const base of ['/chat', "/a&b'c$&"]) {
      await withPages(
        async ({ call }) => {
          const escaped = base.replace('&b', '&#38;b').replace("'", '&#39;').replace('$&', '$&#38;');
          const { text } = await call({ url: '/' });
          assert.ok(text.includes(`src="${escaped}/assets/main.js"`), text);
          const [, inside = ''] = /type="application\/json">(.*?)<\/script>/su.exec(text) ?? [];
          assert.equal((JSON.parse(inside) as { base: string }).base, base);
        },
        { OVERWRITE_SETTING_Site_Url: `http://localhost:3000${base}/` },
      );
    }
    await withPages(
      async ({ call }) => {
        for (const path of without) {
          const { text } = await call({ url: path });
          for (const [, address = ''] of text.matchAll(/(?:href|action|src)="([^"]*)"/gu)) {
            assert.match(address, /^http:\/\/localhost:3000\/chat\//u, `${path}: ${address}`);
          }
        }
      },
      { OVERWRITE_SETTING_Site_Url: 'http://localhost:3000/chat' },
    );
  });
});

describe('what pages load', () => {
  it('is kept for ever, opens nothing by itself, and comes as small as it can', async () => {
    await withPages(async ({ call }) => {
      for (const [accepted, encoding, body] of [
        ['br, gzip', 'br', 'bytes of main.js.br'],
        ['gzip', 'gzip', 'bytes of main.js.gz'],
        ['identity', undefined, 'bytes of main.js'],
      ] as const) {
        const { status, headers, text } = await call({
          url: '/assets/main.js',
          headers: { 'accept-encoding': accepted },
        });
        assert.deepEqual([status, headers['content-encoding'], text], [200, encoding, body]);
        assert.equal(headers['vary'], 'Accept-Encoding');
        assert.equal(headers['cache-control'], 'public, max-age=31536000, immutable');
        assert.equal(headers['content-type'], 'text/javascript; charset=utf-8');
        assert.equal(headers['x-content-type-options'], 'nosniff');
        assert.equal(headers['cross-origin-resource-policy'], 'same-origin');
        assert.match(String(headers['content-security-policy']), /default-src 'none'; frame-ancestors 'none'/u);
        assert.equal(headers['content-length'], String(body.length));
      }
    });
  });

  it('is nothing else than what was built', async () => {
    await withPages(async ({ call }) => {
      for (const path of [
        '/assets/unknown.js',
        '/assets/',
        '/assets',
        '/assets/..%2f',
        '/assets/..%2fsecret.js',
        '/assets/..%2Findex.html',
        '/assets/%2e%2e%2fsecret.js',
        '/assets/..%5csecret.js',
        '/assets/../secret.js',
        '/assets/main.js%00',
        '/assets/main.js.br',
        '/assets/%E0%A4%A',
        '/assets/main.js/',
        '/assets/constructor',
        '/secret.js',
        '/index.html',
        '/.vite/manifest.json',
      ]) {
        const reply = await call({ url: path, headers: { 'accept-encoding': 'br' } });
        assert.equal(reply.status, 404, path);
        assert.doesNotMatch(reply.text, /not to be served|bytes of/u, path);
        assert.doesNotMatch(String(reply.headers['cache-control']), /immutable/u, path);
      }
    });
  });
});

describe('the pages without script', () => {
  it('speak the language of the browser, unless the operator has chosen one', async () => {
    const title = async ({ call }: RestWorld, accepted: string): Promise<string> => {
      const { text } = await call({ url: '/sign-in?plain=1', headers: { 'accept-language': accepted } });
      return /<html lang="\w+" dir="\w+"/u.exec(text)?.[0] ?? text;
    };
    const [english_, german_, arabic_] = [
      '<html lang="en" dir="ltr"',
      '<html lang="de" dir="ltr"',
      '<html lang="ar" dir="rtl"',
    ];
    await withPages(async (world) => {
      for (const [accepted, shown] of [
        ['', english_],
        ['de-DE,de;q=0.9,en;q=0.8', german_],
        ['fr-FR, ar;q=0.5, en;q=0.4', arabic_],
        ['fr', english_],
        ['de;q=0, en;q=0.1', english_],
        ['de;q=x', english_],
        ['__proto__, constructor', english_],
        [`${'de,'.repeat(400)}`, english_],
        ['*', english_],
      ] as const) {
        assert.equal(await title(world, accepted), shown, accepted);
      }
    });
    await withPages(async (world) => assert.equal(await title(world, 'en'), arabic_), {
      OVERWRITE_SETTING_Language: 'ar',
    });
    await withPages(async (world) => assert.equal(await title(world, 'de'), english_), {
      OVERWRITE_SETTING_Language: 'pt-BR',
    });
  });

  it('say the same in every language, with the same places to fill', () => {
    const places = (text: string): readonly string[] =>
      [...text.matchAll(/\{\w+\}/gu)].map(([name]) => name).toSorted();
    for (const table of [german, arabic]) {
      for (const key of Object.keys(english) as WordKey[]) {
        assert.deepEqual(places(table[key]), places(english[key]), key);
        assert.notEqual(table[key].trim(), '', key);
      }
    }
  });

  it('refuse in the language of whoever reads it', async () => {
    await withPages(async (world) => {
      await world.add('ann');
      const { text } = await world.call({
        method: 'POST',
        url: '/sign-in',
        headers: {
          'content-type': 'application/x-www-form-urlencoded',
          'sec-fetch-site': 'same-origin',
          'accept-language': 'de',
        },
        body: 'username=ann&password=no',
      });
      assert.match(text, /<html lang="de"/u);
      assert.match(text, /Der Name oder das Passwort stimmt nicht\./u);
      assert.ok(text.includes(`>${german.username}</label>`));
    });
  });

  it('show somebody who is signed in to whom they belong', async () => {
    await withPages(async (world) => {
      await world.add('ann');
      const found = await world.app.page.open(await world.signIn('ann'));
      const { text } = await world.call({
        url: '/sign-out',
        headers: { 'cookie': `countersign_session=${found}`, 'accept-language': 'ar' },
      });
      assert.match(text, /<strong>ann<\/strong>/u);
      await world.app.page.logOut(found, caller({ door: 'page' }));
    });
  });
});
