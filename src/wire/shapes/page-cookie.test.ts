import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { openWorld } from '../../../test/world.ts';
import { noPageCookie, pageCookie, pageCookieIn } from './page-cookie.ts';

const text = 'a'.repeat(42);

describe('the cookie of a signed-in browser', () => {
  it('is read from among others', () => {
    assert.equal(pageCookieIn({ cookie: `a=b; countersign_session=${text}1;c=d` }), `${text}1`);
    assert.equal(pageCookieIn({ cookie: `countersign_session=${text}1; countersign_session=${text}1` }), `${text}1`);
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
      assert.equal(pageCookieIn({ cookie }), undefined, cookie?.slice(0, 80));
    }
  });

  it('is for this host and its pages, and Secure behind TLS', async () => {
    const world = await openWorld();
    try {
      assert.equal(pageCookie(world.app, 'x'), 'countersign_session=x; Path=/; HttpOnly; SameSite=Lax');
      assert.equal(noPageCookie(world.app), 'countersign_session=; Path=/; HttpOnly; SameSite=Lax; Max-Age=0');
    } finally {
      await world.close();
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
    const world = await open('Example.org');
    const odd = await open('example.org; SameSite=None');
    try {
      assert.equal(
        pageCookie(world.app, 'x'),
        'countersign_session=x; Path=/; HttpOnly; SameSite=Lax; Secure; Domain=example.org',
      );
      assert.doesNotMatch(pageCookie(odd.app, 'x'), /Domain|None/u);
    } finally {
      await world.close();
      await odd.close();
    }
  });
});
