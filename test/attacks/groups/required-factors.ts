import assert from 'node:assert/strict';
import { setUpApp } from '../app-owner.ts';
import { Arena, unlimited } from '../arena.ts';
import type { ActCase } from '../group.ts';
import { mustBeShutOut } from '../shut-out.ts';
import { pass } from '../wire.ts';
import { gatedCall } from './factors.ts';

const refused = 'error-two-factor-enrolment-required';

/** E27: whoever must have a second factor and has none gets in to set one up, and for nothing else. */
export const requiredFactor: ActCase = {
  id: 'E27',
  about: 'with a factor required and none set up, every endpoint and method is shut but those to set one up',
  async act() {
    const arena = await Arena.open({
      ...unlimited,
      OVERWRITE_SETTING_Accounts_TwoFactorAuthentication_RememberFor: '0',
      OVERWRITE_SETTING_Countersign_Second_Factor_Required_Sign_Ins: 'password',
      OVERWRITE_SETTING_Countersign_Second_Factor_Grace_Days: '0',
    });
    try {
      const { password } = arena.server.administrator;
      // The address of the first administrator was never verified, and an app is set up with verified ones only.
      await arena.whileDown('update account_emails set verified = 1');
      const ask = async (what: Parameters<Arena['ask']>[0]) => await arena.ask(what);
      await setUpApp(ask, { ...arena.admin, password });
      const person = await arena.person();
      const socket = await arena.socket(person);
      await mustBeShutOut(arena, person, socket, { openTo: 'enrolment', refused });
      // A session of that kind makes no other: neither by its own token again nor with a code of somebody else.
      const again = await arena.knock('DDP', { resume: person.authToken });
      assert.deepEqual(again[0]?.opened, { userId: person.userId, authToken: person.authToken });
      assert.equal((await gatedCall(arena, person)).status, 403);
      const app = await setUpApp(ask, person);
      const list = await arena.ask({ path: '/api/v1/users.getPersonalAccessTokens', headers: pass(person) });
      assert.equal(list.status, 200, `open once it is set up: ${list.text}`);
      assert.equal((await arena.signIn('REST JSON', person.username, person.password)).error, 'totp-required');
      const body = { user: person.username, password: person.password, code: app.code() };
      const [opened] = await arena.knock('REST JSON', body);
      assert.ok(opened?.opened);
      const full = await arena.ask({ path: '/api/v1/users.getPersonalAccessTokens', headers: pass(opened.opened) });
      assert.equal(full.status, 200, full.text);
      socket.close();
    } finally {
      await arena.close();
    }
  },
};
