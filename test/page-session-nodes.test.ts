import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Signed } from '../src/core/session/token.ts';
import { onSharedStores, soon, twoNodesOf } from './two-nodes.ts';
import { caller, type World } from './world.ts';

/** Who a page's token stands for at a node; undefined for nobody. */
async function whoAt({ app }: World, accountId: string, text: string): Promise<Signed | undefined> {
  try {
    return await app.session.authenticate(accountId, text, { pages: true });
  } catch {
    return undefined;
  }
}

onSharedStores((backend, openGround) => {
  describe(`what a page holds, on two nodes over ${backend}`, () => {
    const nodes = twoNodesOf(openGround);

    it('is good at both, and dies at both with the session', async () => {
      const [one, two] = nodes.pair();
      await one.add('ann');
      const { account, text } = await one.signIn('ann');
      const signed = await one.app.session.authenticate(account.id, text);
      const cookie = await one.app.page.keep(signed);
      const found = (await two.app.page.findWaiting(cookie)) ?? assert.fail('the other node does not know the cookie');
      const token = two.app.page.tokenFor(found.signed).text;
      for (const node of [one, two]) {
        assert.equal((await whoAt(node, account.id, token))?.account.username, 'ann');
        assert.equal(await whoAt(node, nodes.root().account.id, token), undefined);
      }
      await one.app.page.logOut(cookie, caller({ door: 'page' }));
      assert.equal(await whoAt(one, account.id, token), undefined);
      await soon('the end of the session', async () => (await whoAt(two, account.id, token)) === undefined);
      for (const node of [one, two]) assert.equal(await node.app.page.findWaiting(cookie), undefined);
    });

    it('dies at both with the password, and with the account', async () => {
      const [one, two] = nodes.pair();
      const host = caller({ door: 'cli', address: '' });
      for (const [username, end] of [
        ['bob', async (id: string) => await one.app.host.setPassword(id, { plain: 'another green chair 77!' }, host)],
        ['eve', async (id: string) => await one.app.host.setOpen(id, false, host)],
      ] as const) {
        await one.add(username);
        const { account, text } = await two.signIn(username);
        const signed = await two.app.session.authenticate(account.id, text);
        const token = two.app.page.tokenFor(signed).text;
        assert.equal((await whoAt(one, account.id, token))?.account.username, username);
        await end(account.id);
        for (const node of [one, two]) {
          await soon(`the end for ${username}`, async () => (await whoAt(node, account.id, token)) === undefined);
        }
      }
    });
  });
});
