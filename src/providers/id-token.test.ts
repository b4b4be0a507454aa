import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { before, describe, it } from 'node:test';
import { type CryptoKey, exportJWK, exportSPKI, generateKeyPair, type JWTPayload, SignJWT } from 'jose';
import { Fault } from '../core/fault.ts';
import { checkIdToken, type IdTokenChecks } from './id-token.ts';
import type { PublicKey } from './key-set.ts';

const now = Date.parse('2026-08-20T10:00:00Z');
const seconds = now / 1000;
const issuer = 'https://id.example';

let own: { privateKey: CryptoKey; publicKey: CryptoKey };
let foreign: { privateKey: CryptoKey; publicKey: CryptoKey };
let published: readonly PublicKey[];
const asked: (string | undefined)[] = [];

before(async () => {
  own = await generateKeyPair('RS256', { extractable: true });
  foreign = await generateKeyPair('RS256', { extractable: true });
  published = [{ ...(await exportJWK(own.publicKey)), kid: 'one', use: 'sig' } as PublicKey];
});

function checks(more: Partial<IdTokenChecks> = {}): IdTokenChecks {
  return {
    service: 'example',
    issuers: [issuer],
    audience: 'our-client',
    keys: {
      holding: async (kid) => {
        asked.push(kid);
        return await Promise.resolve(published);
      },
    },
    nonce: undefined,
    now,
    ...more,
  };
}

const good: JWTPayload = { iss: issuer, aud: 'our-client', sub: '42', iat: seconds - 5, exp: seconds + 300 };

async function sign(
  claims: Readonly<Record<string, unknown>> = {},
  header: Readonly<Record<string, unknown>> = {},
  key: CryptoKey = own.privateKey,
): Promise<string> {
  return await new SignJWT({ ...good, ...claims })
    .setProtectedHeader({ alg: 'RS256', kid: 'one', ...header })
    .sign(key);
}

function byHand(header: object, payload: object, mac?: (text: string) => string): string {
  const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  const text = `${part(header)}.${part(payload)}`;
  return `${text}.${mac?.(text) ?? ''}`;
}

async function isRefused(token: string, why: RegExp, more: Partial<IdTokenChecks> = {}): Promise<void> {
  await assert.rejects(checkIdToken(token, checks(more)), (cause: unknown) => {
    assert.ok(cause instanceof Fault);
    assert.equal(cause.code, 'provider-refused');
    assert.equal(cause.facts['service'], 'example');
    assert.match(String(cause.facts['message']), why);
    return true;
  });
}

describe('id tokens (attack K04)', () => {
  it('gives the claims of a good one', async () => {
    const claims = await checkIdToken(await sign({ email: 'a@example.com' }), checks());
    assert.equal(claims.sub, '42');
    assert.equal(claims['email'], 'a@example.com');
  });

  it('takes ES256 as well, and an audience in a list', async () => {
    const pair = await generateKeyPair('ES256', { extractable: true });
    const keys = [{ ...(await exportJWK(pair.publicKey)), kid: 'ec' } as PublicKey];
    const token = await sign({ aud: ['our-client'] }, { alg: 'ES256', kid: 'ec', typ: 'JWT' }, pair.privateKey);
    const given = checks({ keys: { holding: async () => await Promise.resolve(keys) } });
    assert.equal((await checkIdToken(token, given)).sub, '42');
  });

  it('refuses no algorithm, and a shared secret made of the public key', async () => {
    await isRefused(byHand({ alg: 'none', kid: 'one' }, good), /algorithm/u);
    await isRefused(byHand({ alg: 'None', kid: 'one' }, good), /algorithm/u);
    await isRefused(byHand({ kid: 'one' }, good), /algorithm/u);
    const pem = await exportSPKI(own.publicKey);
    const mac = (text: string): string => createHmac('sha256', pem).update(text).digest('base64url');
    const forged = byHand({ alg: 'HS256', kid: 'one' }, good, mac);
    await isRefused(forged, /algorithm/u);
    await isRefused(forged, /algorithm/u, { algorithms: ['HS256', 'none', 'RS256'] });
  });

  it('refuses an algorithm that this provider does not use', async () => {
    await isRefused(await sign(), /algorithm/u, { algorithms: ['ES256'] });
  });

  it('refuses the key of another under the name of ours, and unknown names', async () => {
    await isRefused(await sign({}, {}, foreign.privateKey), /signature/u);
    await isRefused(await sign({}, { kid: 'two' }), /no such key/u);
    assert.equal(asked.at(-1), 'two');
  });

  it('looks at no key and no address that the token names', async () => {
    const jwk = await exportJWK(foreign.publicKey);
    for (const header of [{ jwk }, { jku: 'http://127.0.0.1:1/keys' }, { x5u: 'http://127.0.0.1:1/cert' }]) {
      await isRefused(await sign({}, header, foreign.privateKey), /signature/u);
      assert.equal((await checkIdToken(await sign({}, header), checks())).sub, '42');
    }
  });

  it('refuses a header that must be understood and is not', async () => {
    await isRefused(byHand({ alg: 'RS256', kid: 'one', crit: ['x'], x: 1 }, good), /cannot be read/u);
  });

  it('refuses another issuer, and none', async () => {
    await isRefused(await sign({ iss: 'https://id.example.evil' }), /"iss"/u);
    await isRefused(await sign({ iss: undefined }), /"iss"/u);
    await isRefused(await sign({ iss: [issuer] }), /"iss"/u);
  });

  it('refuses another audience, none, and a list in which another party is meant', async () => {
    await isRefused(await sign({ aud: 'another-client' }), /"aud"/u);
    await isRefused(await sign({ aud: undefined }), /"aud"/u);
    await isRefused(await sign({ aud: [] }), /"aud"/u);
    await isRefused(await sign({ aud: ['another-client'] }), /"aud"/u);
    await isRefused(await sign({ aud: ['our-client', 'another-client'] }), /another party/u);
    await isRefused(await sign({ aud: ['our-client', 'another-client'], azp: 'another-client' }), /another party/u);
    const several = await sign({ aud: ['our-client', 'another-client'], azp: 'our-client' });
    assert.equal((await checkIdToken(several, checks())).sub, '42');
  });

  it('refuses what has ended, has no end, is not begun, or was made in the future', async () => {
    await isRefused(await sign({ exp: seconds - 61 }), /expired/u);
    await isRefused(await sign({ exp: undefined }), /"exp"/u);
    await isRefused(await sign({ exp: String(seconds + 300) }), /"exp"|cannot be read/u);
    await isRefused(await sign({ nbf: seconds + 61 }), /"nbf"/u);
    await isRefused(await sign({ iat: seconds + 61 }), /times/u);
    await isRefused(await sign({ iat: undefined }), /"iat"/u);
    await isRefused(await sign({ iat: seconds + 30, exp: seconds - 30 }), /times/u);
    assert.equal((await checkIdToken(await sign({ nbf: seconds + 30 }), checks())).sub, '42');
  });

  it('refuses a missing nonce and another one, where one was sent', async () => {
    await isRefused(await sign(), /question/u, { nonce: 'ours' });
    await isRefused(await sign({ nonce: 'theirs' }), /question/u, { nonce: 'ours' });
    await isRefused(await sign({ nonce: ['ours'] }), /question/u, { nonce: 'ours' });
    assert.equal((await checkIdToken(await sign({ nonce: 'ours' }), checks({ nonce: 'ours' }))).sub, '42');
  });

  it('refuses tokens of other kinds, and takes a logout token where one is wanted', async () => {
    await isRefused(await sign({}, { typ: 'logout+jwt' }), /another kind/u);
    await isRefused(await sign({}, { typ: 'at+jwt' }), /another kind/u);
    const nobody = await sign({ sub: undefined }, { typ: 'logout+jwt' });
    assert.equal((await checkIdToken(nobody, checks({ typ: 'logout+jwt' }))).sub, '');
    await isRefused(await sign({ sub: undefined }), /nobody/u);
    await isRefused(await sign({ sub: 42 }), /nobody/u);
    await isRefused(await sign({ sub: '' }), /nobody/u);
  });

  it('refuses what is no token', async () => {
    for (const text of ['', 'x', 'a.b', 'a.b.c', '..', `${'a'.repeat(20_000)}.b.c`]) await isRefused(text, /./u);
    const encrypted = byHand({ alg: 'RSA-OAEP', enc: 'A256GCM' }, {});
    await isRefused(encrypted, /algorithm/u);
  });

  it('tells nothing of the token in the refusal', async () => {
    const token = await sign({ aud: 'another-client', email: 'someone@example.com' });
    await assert.rejects(checkIdToken(token, checks()), (cause: unknown) => {
      const told = JSON.stringify((cause as Fault).facts);
      return !told.includes('someone') && !told.includes(token.slice(0, 20));
    });
  });
});
