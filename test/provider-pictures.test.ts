// Pictures of people from custom services: which are fetched, from where, and whose place they never take.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Account } from '../src/core/account/account.ts';
import type { Identity } from '../src/core/external-login/identity.ts';
import { sha256Hex } from '../src/lib/digest.ts';
import { type Outbound, type OutboundAnswer, OutboundError, outboundOver } from '../src/lib/outbound.ts';
import { pictureAt } from '../src/providers/picture.ts';
import { fakeProviders, identityOf } from './fake-providers.ts';
import { openOpenIdIdp } from './openid-idp.ts';
import { caller, handClock, openWorld, password, type World } from './world.ts';

const gif = Buffer.from('R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7', 'base64');
const other = Buffer.from('R0lGODlhAQABAIABAP8AAP///yH5BAEAAAEALAAAAAABAAEAAAICTAEAOw==', 'base64');

interface Place {
  readonly world: World;
  /** The addresses that were asked, in their order, with who chose them. */
  readonly asked: readonly string[];
  /** What is at the addresses. */
  readonly files: Map<string, () => OutboundAnswer>;
  readonly signIn: (url: string | undefined, subject?: string) => Promise<Account>;
  /** The picture of `ada`, as it is now. */
  readonly shown: () => Promise<Buffer | undefined>;
}

const at = (name: string): string => `https://pictures.example/${name}`;
const file =
  (bytes: Uint8Array, status = 200) =>
  (): OutboundAnswer => ({ status, headers: {}, text: '', bytes });

async function within(act: (place: Place) => Promise<void>): Promise<void> {
  const asked: string[] = [];
  const files = new Map<string, () => OutboundAnswer>();
  const outbound: Outbound = async ({ url, chosenBy, mostBytes }) => {
    asked.push(`${chosenBy} ${url}`);
    assert.equal(mostBytes, 524_288);
    const answer = files.get(url);
    if (answer === undefined) throw new OutboundError('nothing is there');
    return await Promise.resolve(answer());
  };
  const { providers } = fakeProviders('ours', 'theirs');
  const world = await openWorld({ outbound, parts: { providers } });
  try {
    const signIn = async (url: string | undefined, subject = 'ada'): Promise<Account> => {
      const picture: Identity['picture'] = url === undefined ? undefined : { url, chosenBy: 'other' };
      const identity = identityOf('ours', subject, picture === undefined ? {} : { picture });
      const { account } = await world.app.external.logInAs(
        'ours',
        async () => await Promise.resolve(identity),
        caller(),
      );
      await world.app.external.picturesTaken();
      return (await world.app.account.byId(account.id)) ?? assert.fail('the account is gone');
    };
    const shown = async (): Promise<Buffer | undefined> => {
      const found = await world.app.avatar.of('ada');
      return found === undefined ? undefined : Buffer.from(found.bytes);
    };
    await act({ world, asked, files, signIn, shown });
  } finally {
    await world.close();
  }
}

describe('the picture that a provider tells of', () => {
  it('becomes that of a new account, is fetched once, and again when its address is another', async () => {
    await within(async ({ world, asked, files, signIn, shown }) => {
      files.set(at('a'), file(gif)).set(at('b'), file(other));
      await signIn(at('a'));
      const first = await shown();
      assert.ok(first !== undefined);
      await signIn(at('a'));
      assert.deepEqual(asked, [`other ${at('a')}`]);
      await signIn(at('b'));
      assert.notDeepEqual(await shown(), first);
      await signIn(undefined);
      assert.deepEqual(asked, [`other ${at('a')}`, `other ${at('b')}`]);
      assert.notDeepEqual(await shown(), first);
      const told = (await world.store.audit.newest(50)).filter(({ what }) => what === 'avatar.set');
      assert.deepEqual(
        told.map(({ facts }) => facts['provider']),
        ['ours', 'ours'],
      );
    });
  });

  it('comes with an identity that somebody joins with their account', async () => {
    await within(async ({ world, files, shown }) => {
      files.set(at('a'), file(gif));
      await world.add('ada');
      const identity = identityOf('ours', '4711', { picture: { url: at('a'), chosenBy: 'other' } });
      const token = 't'.repeat(43);
      const secret = await world.app.external.keepCredential('oauth', token, 'ours', { identity });
      await world.app.identity.link(
        await world.signIn('ada'),
        'oauth',
        { token, secret },
        sha256Hex(password),
        caller(),
      );
      await world.app.external.picturesTaken();
      assert.ok((await shown()) !== undefined);
    });
  });

  it('never takes the place of one that somebody chose', async () => {
    await within(async ({ world, asked, files, signIn, shown }) => {
      files.set(at('a'), file(gif)).set(at('b'), file(other));
      await signIn(undefined);
      await world.add('root', { roles: ['admin'] });
      const ada = (await world.app.account.find({ by: 'username', value: 'ada' })) ?? assert.fail('no ada');
      await world.app.avatar.put(await world.signIn('root'), ada, other, caller());
      const chosen = await shown();
      await signIn(at('a'));
      assert.deepEqual([asked, await shown()], [[], chosen]);
    });
  });

  it('does not take it either where they choose while it is fetched', async () => {
    await within(async ({ world, files, signIn, shown }) => {
      await world.add('root', { roles: ['admin'] });
      const root = await world.signIn('root');
      await signIn(undefined);
      const ada = (await world.app.account.find({ by: 'username', value: 'ada' })) ?? assert.fail('no ada');
      let choosing: Promise<void> = Promise.resolve();
      files.set(at('a'), () => {
        choosing = world.app.avatar.put(root, ada, other, caller());
        return file(gif)();
      });
      const identity = identityOf('ours', 'ada', { picture: { url: at('a'), chosenBy: 'other' } });
      const put = world.store.avatars.put.bind(world.store.avatars);
      world.store.avatars.put = async (...given) => {
        // What the person chose is written first.
        if (given[1]?.tag.startsWith('told-') === true) await choosing;
        return await put(...given);
      };
      await world.app.external.logInAs('ours', async () => await Promise.resolve(identity), caller());
      await world.app.external.picturesTaken();
      const now = await world.app.account.byId(ada.id);
      assert.ok(now?.avatarTag !== undefined && !now.avatarTag.includes('-'), now?.avatarTag);
      assert.ok((await shown()) !== undefined);
    });
  });

  const bad: Readonly<Record<string, (() => OutboundAnswer) | undefined>> = {
    'nobody answers': undefined,
    'it is not there': file(gif, 404),
    'it is somewhere else': file(gif, 302),
    'it is a page': file(Buffer.from('<html><script>alert(1)</script></html>')),
    'it is drawn with scripts': file(Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>')),
    'it is empty': file(Buffer.alloc(0)),
    'it is cut off': file(gif.subarray(0, 8)),
  };
  for (const [why, answer] of Object.entries(bad)) {
    it(`ends no sign-in where ${why}`, async () => {
      await within(async ({ files, signIn, shown }) => {
        if (answer !== undefined) files.set(at('a'), answer);
        const account = await signIn(at('a'));
        assert.deepEqual([account.username, account.avatarTag, await shown()], ['ada', undefined, undefined]);
        files.set(at('a'), file(gif));
        await signIn(at('a'));
        assert.ok((await shown()) !== undefined, 'the next sign-in tries again');
      });
    });
  }

  it('is waited for by no sign-in', async () => {
    let answer: (given: OutboundAnswer) => void = () => undefined;
    const { providers } = fakeProviders('ours');
    const outbound: Outbound = async () =>
      await new Promise((resolve) => {
        answer = resolve;
      });
    const world = await openWorld({ outbound, parts: { providers } });
    try {
      const identity = identityOf('ours', 'ada', { picture: { url: at('a'), chosenBy: 'other' } });
      const { account } = await world.app.external.logInAs(
        'ours',
        async () => await Promise.resolve(identity),
        caller(),
      );
      assert.equal(account.avatarTag, undefined);
      answer(file(gif)());
      await world.app.external.picturesTaken();
      assert.ok((await world.app.avatar.of('ada')) !== undefined);
    } finally {
      await world.close();
    }
  });
});

describe('the address of a picture', () => {
  const places = { authorize: 'https://sso.example/a', token: 'http://10.0.0.7:8080/token', identity: undefined };
  const from = (address: string | undefined) => pictureAt(address, { issuer: 'https://sso.example/realm', places });

  it('may be anywhere over TLS, and over plain HTTP or in an inner network at the service alone', () => {
    assert.deepEqual(from(at('a')), { url: at('a'), chosenBy: 'other' });
    assert.deepEqual(from('https://sso.example/p.png')?.chosenBy, 'operator');
    assert.deepEqual(from('http://10.0.0.7:8080/p.png')?.chosenBy, 'operator');
    for (const address of [
      undefined,
      '',
      'p.png',
      'http://pictures.example/a.png',
      'http://sso.example/p.png',
      'http://10.0.0.7/p.png',
      'file:///etc/passwd',
      'data:image/gif;base64,R0lGODlh',
      'https://user:word@pictures.example/a',
      `https://pictures.example/${'a'.repeat(3_000)}`,
    ]) {
      assert.equal(from(address), undefined, address);
    }
    assert.equal(from('https://10.0.0.7/p.png')?.chosenBy, 'other', 'which leads into no inner network');
    assert.equal(from('https://sso.example@evil.example/p.png'), undefined);
  });

  it('is read where the setting says, and leads to the picture with a real provider', async () => {
    const redirectUri = 'http://localhost:3000/_oauth/ours';
    const idp = await openOpenIdIdp([redirectUri]);
    const address = `${idp.issuer}/picture`;
    idp.tampering.answer = (path, body) => (path === '/me' ? { ...body, links: { photo: address } } : body);
    let asked = 0;
    const real = outboundOver();
    const outbound: Outbound = async (request) => {
      if (request.url !== address) return await real(request);
      asked += 1;
      assert.equal(request.chosenBy, 'operator');
      return file(gif)();
    };
    const custom = 'Accounts_OAuth_Custom-Ours';
    const env = {
      [custom]: 'true',
      [`${custom}-issuer`]: idp.issuer,
      [`${custom}-id`]: idp.post.id,
      [`${custom}-secret`]: idp.post.secret,
      [`${custom}-scope`]: 'openid profile email',
      [`${custom}-username_field`]: 'preferred_username',
      [`${custom}-avatar_field`]: 'links.photo',
    };
    const world = await openWorld({ env, outbound, clock: handClock(Date.now()) });
    try {
      const ours = world.app.external.providers.find('ours') ?? assert.fail('the service is not there');
      const { address: away } = await ours.leave({ redirectUri, state: 's', nonce: undefined, verifier: undefined });
      const params = await idp.authorize(away);
      const back = { redirectUri, params, nonce: undefined, verifier: undefined, remembered: undefined };
      await world.app.external.logInAs('ours', async () => await ours.identify(back), caller());
      await world.app.external.picturesTaken();
      assert.equal(asked, 1);
      assert.equal((await world.app.avatar.of('alice'))?.mediaType, 'image/gif');
    } finally {
      await world.close();
      await idp.close();
    }
  });
});
