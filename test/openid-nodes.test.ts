import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import * as client from 'openid-client';
import { plainOptions } from '../src/core/application/application.ts';
import {
  begin,
  callback,
  goThrough,
  HandBrowser,
  movedClock,
  type OpenIdWorld,
  openOpenIdWorld,
  openToldServer,
  redeem,
} from './openid-world.ts';
import { onSharedStores, type SharedGround } from './two-nodes.ts';
import { caller } from './world.ts';

function twoNodes(backend: string, openGround: () => Promise<SharedGround>) {
  describe(`the OpenID provider on two nodes over one ${backend} store`, () => {
    const nodes: OpenIdWorld[] = [];
    const clock = movedClock();
    let end: () => void = () => undefined;
    before(async () => {
      const ground = await openGround();
      ({ end } = ground);
      const one = await openOpenIdWorld({ open: ground.open, clock });
      nodes.push(one, await openOpenIdWorld({ open: ground.open, clock, publicPort: Number(new URL(one.root).port) }));
      await one.add('ann');
    });
    after(async () => {
      for (const node of nodes) await node.close();
      end();
    });
    const pair = (): readonly [OpenIdWorld, OpenIdWorld] => {
      const [one, two] = nodes;
      return one !== undefined && two !== undefined ? [one, two] : assert.fail('a node did not open');
    };
    /** Sends what is meant for the one address to the other node. */
    const atOther = async (url: string | URL, init: RequestInit): Promise<Response> => {
      const [one, two] = pair();
      const port = await two.port();
      return await fetch(String(url).replace(one.root, `http://127.0.0.1:${port}`), init);
    };

    it('makes codes at one that the other redeems, with keys that both publish', async () => {
      const [one] = pair();
      const wiki = await one.addApplication();
      const party = await one.party(wiki);
      const browser = new HandBrowser(callback);
      const begun = await begin(party);
      const back = await goThrough(browser, await browser.go(begun.address), 'ann');
      party[client.customFetch] = async (url, init) => await atOther(url, init as RequestInit);
      const tokens = await redeem(party, begun, back);
      assert.equal((await client.tokenIntrospection(party, tokens.access_token)).active, true);
      const keysOf = async (get: typeof atOther): Promise<unknown> =>
        await (await get(`${one.issuer}/jwks`, {})).json();
      assert.deepEqual(await keysOf(atOther), await keysOf(async (url, init) => await fetch(url, init)));
      const kid = await one.app.openId.rotateKeys({ atOnce: false });
      clock.move(10_000);
      for (const get of [atOther, async (url: string | URL, init: RequestInit) => await fetch(url, init)]) {
        assert.match(JSON.stringify(await keysOf(get)), new RegExp(kid, 'u'));
      }
    });

    it('ends at both what has ended at one, and tells applications once', async () => {
      const [one, two] = pair();
      const told = await openToldServer();
      try {
        const wiki = await one.addApplication({ options: { ...plainOptions, backChannelLogout: told.address } });
        const party = await one.party(wiki);
        const browser = new HandBrowser(callback);
        const begun = await begin(party);
        const back = await goThrough(browser, await browser.go(begun.address), 'ann');
        const tokens = await redeem(party, begun, back);
        const ann = await two.app.account.find({ by: 'username', value: 'ann' });
        await two.app.host.endSessions(ann?.id ?? '', caller());
        await told.heard(1);
        assert.equal((await client.tokenIntrospection(party, tokens.access_token)).active, false);
        const quiet = await browser.go((await begin(party, { prompt: 'none' })).address);
        assert.equal(quiet.url.searchParams.get('error'), 'login_required');
        await new Promise((later) => {
          setTimeout(later, 100);
        });
        assert.equal(told.told.length, 1);
      } finally {
        await told.close();
      }
    });
  });
}

onSharedStores(twoNodes);
