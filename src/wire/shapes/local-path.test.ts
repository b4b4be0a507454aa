import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { returnAddress } from './local-path.ts';

describe('where a browser goes after it signed in', () => {
  it('takes paths of this server', () => {
    for (const path of [
      '/',
      '/sign-out',
      '/oidc/auth?client_id=a&redirect_uri=https%3A%2F%2Frp.example%2Fcb#x',
      '/a//b',
    ]) {
      assert.equal(returnAddress(path), path);
    }
  });

  it('takes nothing that a browser could read as another host (attacks K15)', () => {
    const evil = [
      '//evil.example',
      '///evil.example',
      '/\\evil.example',
      '\\\\evil.example',
      '\\evil.example',
      'https:evil.example',
      'https://evil.example/',
      'http:/evil.example',
      'javascript:alert(1)',
      'data:text/html,x',
      '/\t/evil.example',
      '\t//evil.example',
      '/ok\r\nSet-Cookie: a=b',
      '/\n/evil.example',
      ' /ok',
      '/.//evil.example',
      '/..//evil.example',
      '/%2e//evil.example',
      '/%2e%2e//evil.example',
      'evil.example',
      '@evil.example',
      'https://good.example@evil.example/',
      '/caf\u00E9',
      '/\u2028/evil.example',
      '',
      `/${'a'.repeat(5000)}`,
      undefined,
      ['/ok'],
      { path: '/ok' },
    ];
    for (const given of evil) assert.equal(returnAddress(given, 'https://good.example'), '/', JSON.stringify(given));
  });

  it('takes addresses under listed origins, exact ones alone (attacks R04)', () => {
    const origins = 'https://wiki.example.org, http://localhost:8080,nonsense';
    for (const good of ['https://wiki.example.org/page?x=1', 'http://localhost:8080/']) {
      assert.equal(returnAddress(good, origins), good);
      assert.equal(returnAddress(good), '/');
    }
    for (const evil of [
      'https://wiki.example.org.evil.example/',
      'https://wiki.example.org:444/',
      'http://wiki.example.org/',
      'https://wiki.example.org@evil.example/',
      'https://user:pass@wiki.example.org/',
      'https://WIKI.example.org/',
      'https:wiki.example.org/',
      'https://sub.wiki.example.org/',
      'https://wiki.example.org',
      'null/',
      'javascript://wiki.example.org/%0aalert(1)',
      'ftp://wiki.example.org/',
    ]) {
      assert.equal(returnAddress(evil, origins), '/', evil);
    }
    assert.equal(returnAddress('data:text/html,x', 'data:text/html'), '/');
  });
});
