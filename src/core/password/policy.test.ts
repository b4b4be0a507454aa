import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { sha256Hex } from '../../lib/digest.ts';
import { Fault } from '../fault.ts';
import { commonPasswords } from './common-passwords.ts';
import { digestsOf, type GivenPassword } from './password.ts';
import { type About, mustFitPolicy, type PasswordPolicy, shapeViolations } from './policy.ts';

const rocketChat: PasswordPolicy = {
  on: true,
  minLength: 14,
  maxLength: undefined,
  longestRun: 3,
  lowercase: true,
  uppercase: true,
  number: true,
  special: true,
  refusesCommon: true,
  most: 1_024,
  siteNames: ['Example Chat'],
};
const off: PasswordPolicy = { ...rocketChat, on: false };
const nothing: PasswordPolicy = { ...off, refusesCommon: false };
const common = commonPasswords;

async function violations(
  given: GivenPassword,
  policy: PasswordPolicy = off,
  about: About = {},
): Promise<readonly string[] | undefined> {
  try {
    await mustFitPolicy({ policy: () => policy, common }, given, about);
    return [];
  } catch (cause) {
    assert.ok(cause instanceof Fault);
    assert.equal(cause.code, 'password-unacceptable');
    return cause.facts['violations'] as readonly string[] | undefined;
  }
}

describe('the shape of a password', () => {
  const good = 'Correct-Horse-7';
  const table: readonly (readonly [string, Partial<PasswordPolicy>, string, readonly string[]])[] = [
    ['fits every rule', {}, good, []],
    ['is one too short', {}, good.slice(2), ['too-short']],
    ['is exactly long enough', { minLength: 15 }, good, []],
    ['is exactly short enough', { maxLength: 15 }, good, []],
    ['is one too long', { maxLength: 14 }, good, ['too-long']],
    ['has as many in a row as it may', {}, `${good}aaa`, []],
    ['has one more in a row', {}, `${good}aaaa`, ['repeats']],
    ['has many in a row where that is allowed', { longestRun: undefined }, `${good}aaaaaaaa`, []],
    ['has no small letter', {}, good.toUpperCase(), ['no-lowercase']],
    ['has no capital', {}, good.toLowerCase(), ['no-uppercase']],
    ['has no digit', {}, 'Correct-Horse-Battery', ['no-number']],
    ['has no special character', {}, 'CorrectHorse7777x7', ['repeats', 'no-special']],
    ['takes a blank for none', {}, 'Correct Horse 7 b', ['no-special']],
    ['takes a letter with an accent for special', {}, 'Correct Horse 7 é', []],
    ['breaks all at once', {}, '日日日日', ['too-short', 'repeats', 'no-lowercase', 'no-uppercase', 'no-number']],
    ['is never held to what is off', { on: false }, 'x', []],
    ['is held to the longest all the same', { on: false, most: 64 }, 'x'.repeat(65), ['too-long']],
    ['may have 64 and more', { on: false }, 'x'.repeat(1_024), []],
    ['is read no further than it must', {}, 'x'.repeat(1_000_000), ['too-long']],
  ];
  for (const [name, more, plain, broken] of table) {
    it(name, () => {
      assert.deepEqual(shapeViolations({ ...rocketChat, ...more }, plain), broken);
    });
  }

  it('is counted in code points of the composed form', () => {
    const policy = { ...rocketChat, lowercase: false, uppercase: false, number: false, special: false };
    const emoji = '😀😃😄😁😆😅😂🙂🙃😉😊😇🥰😍';
    assert.equal(Array.from(emoji).length, 14);
    assert.deepEqual(shapeViolations(policy, emoji), []);
    assert.deepEqual(shapeViolations(policy, Array.from(emoji).slice(1).join('')), ['too-short']);
    const accents = 'àèìòùáéíóúâêî';
    assert.deepEqual(shapeViolations(policy, accents.normalize('NFD')), ['too-short']);
    assert.deepEqual(shapeViolations(policy, `${accents}ô`.normalize('NFD')), []);
    const longest = { ...policy, most: 64, longestRun: undefined };
    assert.deepEqual(shapeViolations(longest, 'é'.repeat(64).normalize('NFD')), []);
    assert.deepEqual(shapeViolations(longest, 'é'.repeat(65).normalize('NFD')), ['too-long']);
  });
});

describe('what can be no password', () => {
  for (const plain of ['', ' ', '\t \n', 'Correct-Horse-7\ud800', '\udc00orrect-Horse-77']) {
    it(`is ${JSON.stringify(plain)}, whatever the policy`, async () => {
      assert.equal(await violations({ plain }, nothing), undefined);
    });
  }

  for (const digest of [sha256Hex(''), sha256Hex(' '), 'x', sha256Hex('good').toUpperCase(), '']) {
    it(`is the digest ${JSON.stringify(digest.slice(0, 8))}`, async () => {
      assert.equal(await violations({ digest }, nothing), undefined);
    });
  }
});

describe('the digest of one or two characters', () => {
  it('is held to the rules like what it is of', async () => {
    const rules: PasswordPolicy = {
      ...nothing,
      on: true,
      minLength: 8,
      lowercase: false,
      uppercase: false,
      special: false,
    };
    for (const plain of ['a', 'Zz', '~~', '! ']) {
      assert.deepEqual(await violations({ digest: sha256Hex(plain) }, rules), ['too-short', 'no-number'], plain);
      assert.deepEqual(await violations({ digest: sha256Hex(plain) }, nothing), [], plain);
    }
    // Of three it cannot be told.
    assert.deepEqual(await violations({ digest: sha256Hex('abc') }, rules), []);
  });
});

describe('common passwords', () => {
  const refused = ['password', 'Password', 'PASSWORD', 'PaSsWoRd', 'iloveyou', 'qwertyuiop', ' 123456 '];
  for (const plain of refused) {
    it(`are refused: ${plain}`, async () => {
      assert.deepEqual(await violations({ plain }), ['common']);
      assert.deepEqual(await violations({ plain }, nothing), []);
    });
  }

  it('are refused as a digest where one of three spellings has it', async () => {
    for (const plain of ['password', 'Password', 'PASSWORD']) {
      assert.deepEqual(await violations({ digest: sha256Hex(plain) }), ['common']);
      assert.deepEqual(await violations({ digest: sha256Hex(plain) }, nothing), []);
    }
    assert.deepEqual(await violations({ digest: sha256Hex('correct horse battery staple') }), []);
  });

  it('are compared whole', async () => {
    assert.deepEqual(await violations({ plain: 'password of the old lighthouse' }), []);
  });
});

describe('names of oneself', () => {
  const about: About = { username: 'ada.l', name: 'Ada Lovelace', emails: [{ address: 'ada@analytical.example' }] };
  const refused = [
    'ada.l',
    'ADA_L',
    'adal',
    'lada',
    'Lovelace',
    'lovelace1815',
    '1815 Lovelace!',
    'adalovelace',
    'ecalevol',
    'ada',
    'ada@analytical.example',
    'Example Chat',
    'examplechat2026',
  ];
  for (const plain of refused) {
    it(`are refused: ${plain}`, async () => {
      assert.ok((await violations({ plain }, off, about))?.includes('names-oneself'));
    });
  }

  it('may be part of something longer', async () => {
    for (const plain of ['lovelace invented the loop', 'lovelace18151852', 'my-ada.l-is-mine']) {
      assert.deepEqual(await violations({ plain }, off, about), [], plain);
    }
  });

  it('are refused as a digest in four spellings', async () => {
    for (const plain of ['ada.l', 'Ada.l', 'ADA.L', 'Ada Lovelace', 'ada lovelace', 'Example Chat']) {
      const found = await violations({ digest: sha256Hex(plain) }, off, about);
      assert.deepEqual(found, ['names-oneself'], plain);
    }
  });

  it('that are empty refuse nothing', async () => {
    assert.deepEqual(await violations({ plain: '-!-!-!-' }, off, { username: '--', name: '', emails: ['@x'] }), []);
  });
});

describe('the digests of a password', () => {
  it('is one for what is the same composed and decomposed, and up to three else', () => {
    assert.deepEqual(digestsOf({ plain: 'correct horse' }), [sha256Hex('correct horse')]);
    const composed = 'caf\u00e9';
    const decomposed = 'cafe\u0301';
    assert.deepEqual(digestsOf({ plain: composed }), [composed, decomposed].map(sha256Hex));
    assert.deepEqual(digestsOf({ plain: decomposed }), [decomposed, composed].map(sha256Hex));
    assert.equal(digestsOf({ plain: `${composed}${decomposed}` }).length, 3);
    assert.deepEqual(digestsOf({ digest: 'x' }), []);
  });

  it('differs for every byte of it: nothing is cut off', () => {
    for (const length of [72, 73, 200, 1_024]) {
      const long = 'x'.repeat(length);
      assert.notDeepEqual(digestsOf({ plain: `${long}a` }), digestsOf({ plain: `${long}b` }));
    }
    assert.notDeepEqual(digestsOf({ plain: 'a\u0000b' }), digestsOf({ plain: 'a\u0000c' }));
  });
});
