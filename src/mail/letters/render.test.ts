import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { MailKind } from '../../core/mailer.ts';
import { render } from './render.ts';

const site = { name: 'Chat & Co', url: 'https://chat.example.org' };
const facts: Readonly<Record<MailKind, Readonly<Record<string, string>>>> = {
  'authentication-code': { code: '123-456', minutes: '60' },
  'factors-reset': {},
  'factor-added': { factor: 'passkey' },
  'factor-removed': { factor: 'app' },
  'identity-linked': { provider: 'github' },
  'identity-unlinked': { provider: 'github' },
  'email-changed': { by: 'owner' },
  'password-set': {},
  'password-changed': {},
  'account-opened': {},
  'account-closed': {},
  'email-verification': { link: 'https://chat.example.org/verify-email/abc', days: '3' },
  'password-reset': { link: 'https://chat.example.org/reset-password/abc', minutes: '60' },
  'enrolment': { username: 'jane', link: 'https://chat.example.org/enroll-account/abc', days: '30' },
  'welcome': { username: 'jane' },
  'account-waits': { username: 'jane', name: 'Jane', email: 'jane@example.org', reason: 'I work here' },
  'account-approved': {},
  'address-known': {},
  'new-device': { at: '2026-08-20 10:00', address: '203.0.113.9', browser: 'Chrome 113.0', system: 'Windows 10' },
  'personal-token-ends': { name: 'ci', at: '2026-08-27 10:00' },
  'personal-token-revoked': { name: 'ci' },
  'account-blocked': { address: '203.0.113.9', minutes: '5' },
  'sign-ins-blocked': { kind: 'account', username: 'ada', address: '203.0.113.9', failures: '10', minutes: '5' },
  'delivery-test': {},
};
const kinds = Object.keys(facts) as MailKind[];

describe('a mail', () => {
  for (const kind of kinds) {
    it(`of kind ${kind} says where it comes from, in text and in HTML, in every language`, () => {
      const [english, german] = ['en', 'de'].map((language) => render({ kind, language, facts: facts[kind] }, site));
      assert.ok(english !== undefined && german !== undefined);
      for (const { text, html } of [english, german]) {
        assert.match(text, /\n\n-- \nChat & Co\nhttps:\/\/chat\.example\.org\n$/u);
        assert.match(html, /Chat &amp; Co<br><a href="https:\/\/chat\.example\.org">/u);
        assert.doesNotMatch(text + html, /undefined|\[object/u);
      }
      assert.notEqual(english.subject, german.subject);
      assert.match(english.html, /<html lang="en">/u);
      assert.match(german.html, /<html lang="de">/u);
    });
  }

  for (const kind of kinds.filter((one) => !['account-waits', 'sign-ins-blocked', 'delivery-test'].includes(one))) {
    it(`of kind ${kind} says what to do for whoever did not expect it`, () => {
      const [english = '', german = ''] = ['en', 'de'].map((language) => {
        return render({ kind, language, facts: facts[kind] }, site).text;
      });
      assert.match(english, /\bIf (you did not|you do not|you have not|this was not you|not,|it was not)/u);
      assert.match(german, /\b(Falls|Wenn) (Sie [^,]*(nicht|kein)[^,]*,|nicht,)/u);
    });
  }

  it('shows the authentication code in two parts, under the subject that clients name', () => {
    const { subject, text, html } = render(
      { kind: 'authentication-code', language: undefined, facts: facts['authentication-code'] },
      site,
    );
    assert.equal(subject, 'Authentication code');
    assert.match(text, /^ {4}123-456$/mu);
    assert.match(html, />123-456</u);
    assert.match(text, /60 minutes/u);
    const short = { kind: 'authentication-code', language: 'en', facts: { code: '1', minutes: '1' } } as const;
    assert.match(render(short, site).text, /good for 1 minute and/u);
    assert.match(render({ ...short, language: 'de' }, site).text, /gilt eine Minute/u);
  });

  it('is German for every German, and English for everybody whose language has no table', () => {
    const subjectIn = (language: string | undefined) =>
      render({ kind: 'delivery-test', language, facts: {} }, site).subject;
    for (const language of ['de', 'de-AT', 'de_CH', 'DE']) {
      assert.equal(subjectIn(language), 'Test der E-Mail-Zustellung');
    }
    for (const language of [undefined, '', 'en-GB', 'fr', 'deu', 'constructor']) {
      assert.equal(subjectIn(language), 'Test of mail delivery');
    }
  });

  it('names the factor in words', () => {
    const added = (factor: string, language: string) =>
      render({ kind: 'factor-added', language, facts: { factor } }, site).text;
    assert.match(added('app', 'en'), /: an authenticator app\./u);
    assert.match(added('email', 'de'), /: Codes per E-Mail\./u);
  });

  it('escapes all that it is given', () => {
    const evil = `"><script>alert('x')</script>&`;
    const shown = [
      render({ kind: 'authentication-code', language: 'en', facts: { code: evil, minutes: evil } }, site),
      render({ kind: 'factor-removed', language: 'de', facts: { factor: evil } }, site),
      render({ kind: 'delivery-test', language: 'en', facts: {} }, { name: evil, url: `https://x.org/${evil}` }),
    ];
    for (const { html } of shown) {
      assert.doesNotMatch(html, /<script|alert\('|"">|'x'/u);
      assert.match(html, /&quot;&gt;&lt;script&gt;alert\(&#39;x&#39;\)&lt;\/script&gt;&amp;/u);
    }
  });

  it('shows its link alone, to be opened and to be copied', () => {
    const link = 'https://chat.example.org/reset-password/a-b_c';
    const { text, html } = render({ kind: 'password-reset', language: 'en', facts: { link, minutes: '60' } }, site);
    assert.ok(text.includes(`\n\n    ${link}\n\n`));
    assert.ok(html.includes(`<a href="${link}">${link}</a>`));
  });

  it('makes no link of what strangers wrote, nor lets a mail program make one, nor a line of its own', () => {
    const evil = 'see https://evil.example/x\r\nwww.evil.example or eve@evil.example \u202egro.live';
    const given = { username: evil, name: evil, email: evil, reason: evil };
    for (const language of ['en', 'de']) {
      const { text, html } = render({ kind: 'account-waits', language, facts: given }, site);
      assert.doesNotMatch(text + html, /https:\/\/evil|evil\.example|www\.evil|eve@evil|\u202e|\r\n/u);
      assert.match(text, /evil/u);
      assert.equal(html.match(/<a /gu)?.length, 1, 'that of the site');
    }
  });

  it('makes no link of what is no web address', () => {
    const { html } = render(
      { kind: 'delivery-test', language: 'en', facts: {} },
      { name: 'x', url: 'javascript:alert(1)' },
    );
    assert.doesNotMatch(html, /href/u);
  });

  it('keeps its subject and the name of the server on one line', () => {
    const { text } = render(
      { kind: 'delivery-test', language: 'en', facts: {} },
      { name: 'Chat\r\nBcc: eve@example.org', url: 'https://x.org' },
    );
    assert.match(text, /^-- \nChat Bcc: eve@example\.org$/mu);
  });

  it('is not made without its facts', () => {
    assert.throws(
      () => render({ kind: 'authentication-code', language: 'en', facts: { minutes: '1' } }, site),
      /code/u,
    );
  });
});
