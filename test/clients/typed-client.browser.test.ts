import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { stripTypeScriptTypes } from 'node:module';
import { join } from 'node:path';
import { describe } from 'node:test';
import { withBrowser } from '../browser.ts';
import { openPlace, type Place } from './place.ts';

const sources = join(import.meta.dirname, '..', '..', 'src', 'client');

/** What the page does; `given` is put before it. */
const program = `
  const { createClient } = await import('/client/index.ts');
  const asked = [];
  const heard = [];
  const client = createClient({
    url: location.origin,
    storage: sessionStorage,
    onSecondFactor: ({ method, attempt }) => {
      asked.push(method + ' ' + attempt);
      return attempt === 1 ? 'wrong' : given.password;
    },
  });
  client.on('connected', ({ userId }) => heard.push('connected ' + userId));
  client.on('signedOut', ({ error }) => heard.push('signedOut ' + error?.code));
  await client.login({ user: given.username, password: given.password });
  const me = await client.get('me');
  await client.post('users.generatePersonalAccessToken', { tokenName: 'rest' });
  await client.connect();
  await client.call('personalAccessTokens:generateToken', { tokenName: 'socket', bypassTwoFactor: false });
  const { tokenExpires } = await client.call('getNewToken');
  const reloaded = createClient({ url: location.origin, storage: sessionStorage });
  const again = await reloaded.get('me');
  const ended = new Promise((resolve) => client.on('signedOut', resolve));
  await reloaded.post('users.logout');
  await ended;
  return { ids: [me._id, again._id], asked, heard, isDate: tokenExpires instanceof Date, left: sessionStorage.length };
`;

describe('countersign/client in a browser', () => {
  let place: Place;

  const step = withBrowser(
    async () => {
      place = await openPlace({ OVERWRITE_SETTING_Accounts_TwoFactorAuthentication_RememberFor: '0' });
    },
    async () => {
      await place.close();
    },
  );

  step('signs in, gives a second factor at both doors, and hears the end of its session', async (browser) => {
    const person = await place.makePerson();
    // The answers of the server let no script run; its own pages will say otherwise.
    const page = await browser.newPage({ bypassCSP: true });
    // The modules come from the server's own origin, as its pages will have them.
    await page.route('**/client/**', async (route) => {
      const name = new URL(route.request().url()).pathname.split('/').at(-1) ?? '';
      const body = stripTypeScriptTypes(readFileSync(join(sources, name), 'utf8'));
      await route.fulfill({ contentType: 'text/javascript', body });
    });
    // A page that came over the network: from one made up here the browser opens no connection to this host.
    await page.goto(`http://localhost:${place.server.port}/api/info`);
    const given = JSON.stringify({ username: person.username, password: person.password });
    const seen: unknown = await page.evaluate(`(async () => { const given = ${given}; ${program} })()`);
    assert.deepEqual(seen, {
      ids: [person.id, person.id],
      asked: ['password 1', 'password 2', 'password 1', 'password 2'],
      heard: [`connected ${person.id}`, 'signedOut 403'],
      isDate: true,
      left: 0,
    });
  });
});
