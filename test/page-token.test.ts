import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { withAllDoors } from './all-doors.ts';
import { caller, openWorld } from './world.ts';

describe('what a page holds in its memory', () => {
  it('makes nothing that lives longer than it', async () => {
    await withAllDoors({}, async ({ world, rest, headers, methodCall }) => {
      await world.add('alice');
      const own = await headers();
      const { app } = world;
      const signed = await app.session.authenticate(own['x-user-id'] ?? '', own['x-auth-token'] ?? '');
      const page = { ...own, 'x-auth-token': app.page.tokenFor(signed).text };
      assert.equal((await rest('get', '/api/v1/me', page)).status, 200);
      const refused = await methodCall(page, 'getNewToken');
      assert.equal(refused['result'], undefined, 'a script that got in would take a whole session along');
      assert.notEqual(refused['error'], undefined);
      const renewed = await methodCall(own, 'getNewToken');
      assert.equal(typeof (renewed['result'] as Record<string, unknown> | undefined)?.['token'], 'string');
    });
  });

  it('makes none where the operator lets tokens be made for accounts, either', async () => {
    const { app, add, signIn, close } = await openWorld({ parts: { tokenMaking: { on: true, secret: undefined } } });
    try {
      const { id } = await add('bob');
      const signed = await app.session.authenticate(id, (await signIn('bob')).text);
      const byPage = await app.session.authenticate(id, app.page.tokenFor(signed).text, { pages: true });
      const refused = { code: 'token-making-refused' };
      await assert.rejects(app.session.makeTokenFor(byPage, byPage.account, undefined, caller()), refused);
      assert.equal((await app.session.makeTokenFor(signed, signed.account, undefined, caller())).account.id, id);
    } finally {
      await close();
    }
  });
});
