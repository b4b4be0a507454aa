import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { openWorld, type World } from '../../../test/world.ts';
import { noPageCookie, pageCookie, pageCookieIn } from './page-cookie.ts';

const text = 'a'.repeat(42);

describe('the cookie of a signed-in browser', () => {
  let world: World;
  let app: World['app'];
  before(async () => {
    world = await openWorld();
    ({ app } = world);
  });
  after(async () => {
    await world.close();
  });

  it('is read from among others', () => {
    assert.equal(pageCookieIn(app, { cookie: `a=b; countersign_session=${text}1;c=d` }), `${text}1`);
    assert.equal(
      pageCookieIn(app, { cookie: `countersign_session=${text}1; countersign_session=${text}1` }),
      `${text}1`,
    );
  });

  it('is nobody where it is missing, of another form, or there are two', () => {
    for (const cookie of [
      undefined,
      '',
      'a=b',
      `countersign_session=${text}`,
      `countersign_session=${text}"`,
      `xcountersign_session=${text}1`,
      `countersign_session=${text}1; countersign_session=${text}2`,
      `countersign_session=${text}1; ${'a'.repeat(20_000)}`,
    ]) {
      assert.equal(pageCookieIn(app, { cookie }), undefined, cookie?.slice(0, 80));
    }
  });

  it('is for this host and its pages', () => {
    assert.equal(pageCookie(app, 'x'), 'countersign_session=x; Path=/; HttpOnly; SameSite=Lax');
    assert.equal(noPageCookie(app), 'countersign_session=; Path=/; HttpOnly; SameSite=Lax; Max-Age=0');
  });

  it('is Secure behind TLS, and no other host can plant it', async () => {
    const behind = await openWorld({ env: { OVERWRITE_SETTING_Site_Url: 'https://sso.example.org' } });
    try {
      assert.equal(pageCookie(behind.app, 'x'), '__Host-countersign_session=x; Path=/; HttpOnly; SameSite=Lax; Secure');
      const planted = `countersign_session=${text}2`;
      assert.equal(pageCookieIn(behind.app, { cookie: planted }), undefined);
      assert.equal(pageCookieIn(behind.app, { cookie: `${planted}; __Host-countersign_session=${text}1` }), `${text}1`);
    } finally {
      await behind.close();
    }
  });

  it('is for the hosts of a domain where that is set, which can set nothing else', async () => {
    const open = async (domain: string) =>
      await openWorld({
        env: {
          OVERWRITE_SETTING_Site_Url: 'https://sso.example.org',
          OVERWRITE_SETTING_Countersign_Page_Cookie_Domain: domain,
        },
      });
    const shared = await open('Example.org');
    const odd = await open('example.org; SameSite=None');
    try {
      assert.equal(
        pageCookie(shared.app, 'x'),
        'countersign_session=x; Path=/; HttpOnly; SameSite=Lax; Secure; Domain=example.org',
      );
      assert.doesNotMatch(pageCookie(odd.app, 'x'), /Domain|None/u);
    } finally {
      await shared.close();
      await odd.close();
    }
  });
});
