// Signing in at the pages by somebody else's word: an OpenID provider, a SAML provider and a CAS server of their own.
import assert from 'node:assert/strict';
import { after, before, describe } from 'node:test';
import type { Page } from 'playwright-core';
import { freePort } from './browser.ts';
import { type CasServer, openCasServer } from './cas-server.ts';
import { openSink, type Sink } from './mail-sink.ts';
import { alice, type OpenIdIdp, openOpenIdIdp } from './openid-idp.ts';
import { administrator, layoutShift, mustBeAccessible, pageWorld, views } from './page-world.ts';
import { openSamlIdp, type SamlIdp } from './saml-idp.ts';

const label = '<img src=x onerror=alert(1)>';
const password = 'Four-blue-lamps-44';

describe('the sign-in page and other services', { timeout: 300_000 }, () => {
  const env: Record<string, string> = {};
  const elsewhere: string[] = [];
  let idp: OpenIdIdp;
  let saml: SamlIdp;
  let cas: CasServer;
  let sink: Sink;

  before(async () => {
    const port = await freePort();
    const base = `http://localhost:${port}`;
    [idp, saml, cas, sink] = await Promise.all([
      openOpenIdIdp([`${base}/oauth/keycloak/callback`]),
      openSamlIdp(),
      openCasServer(),
      openSink({ disabledCommands: ['STARTTLS'] }),
    ]);
    elsewhere.push(idp.issuer, new URL(saml.entryPoint).origin, new URL(cas.url).origin);
    saml.people.set('sam', {
      nameId: 'sam@example.net',
      attributes: { username: 'sam', email: 'sam@example.net', cn: 'Sam' },
    });
    Object.assign(env, {
      PORT: String(port),
      MAIL_URL: `smtp://127.0.0.1:${sink.port}`,
      OVERWRITE_SETTING_From_Email: 'server@example.com',
      ...saml.settings,
      ...cas.settings,
      Accounts_OAuth_Custom_Keycloak: 'true',
      Accounts_OAuth_Custom_Keycloak_issuer: idp.issuer,
      Accounts_OAuth_Custom_Keycloak_id: idp.basic.id,
      Accounts_OAuth_Custom_Keycloak_secret: idp.basic.secret,
      Accounts_OAuth_Custom_Keycloak_token_sent_via: 'header',
      Accounts_OAuth_Custom_Keycloak_scope: 'openid profile email',
      Accounts_OAuth_Custom_Keycloak_username_field: 'preferred_username',
      Accounts_OAuth_Custom_Keycloak_button_label_text: label,
    });
  });
  const world = pageWorld(env, elsewhere);
  const { step, visit } = world;
  after(async () => {
    await Promise.all([idp.close(), saml.close(), cas.close(), sink.close()]);
  });

  const byOpenId = async (page: Page): Promise<void> => await page.getByRole('link', { name: label }).click();
  const isIn = async (page: Page, username: string): Promise<void> => {
    await page.getByRole('button', { name: 'Sign out' }).waitFor();
    await page.getByText(username, { exact: true }).first().waitFor();
  };

  step('show a button for each, whose label is text, and move nothing', async () => {
    for (const view of Object.values(views)) {
      const page = await visit(view);
      await page.goto('/');
      await page.getByRole('link', { name: label }).waitFor();
      await page.getByRole('link', { name: 'CAS' }).waitFor();
      assert.equal(await page.locator('main img').count(), 0);
      await mustBeAccessible(page);
      assert.ok((await layoutShift(page)) < 0.01);
      assert.ok(await page.evaluate<boolean>('document.documentElement.scrollWidth <= innerWidth'));
      await page.context().close();
    }
  });

  step('sign in by an OpenID provider, and end where the person wanted to go', async () => {
    idp.signsIn({
      sub: 'zoe-1',
      preferred_username: 'zoe',
      name: 'Zoe',
      email: 'zoe@example.org',
      email_verified: true,
    });
    const page = await visit();
    await page.goto('/account/security');
    await byOpenId(page);
    await isIn(page, 'zoe');
    assert.equal(new URL(page.url()).pathname, '/account/security');
  });

  step('sign in by a SAML provider, without a token in any address that is left', async () => {
    const page = await visit(views.phone);
    saml.signsIn = 'sam';
    await page.goto('/sign-in');
    await page.getByRole('link', { name: 'SAML' }).click();
    await page.getByRole('button', { name: 'Sign out' }).waitFor();
    assert.equal(page.url(), `${world.base}/account`);
  });

  step('sign in by a CAS server', async () => {
    const page = await visit();
    cas.signsIn = { user: 'carl' };
    await page.goto('/sign-in');
    await page.getByRole('link', { name: 'CAS' }).click();
    await isIn(page, 'carl');
  });

  step('let no other browser end what one has begun', async () => {
    const [mine, theirs] = [await visit(), await visit()];
    await theirs.goto('/sign-in');
    // A server that lets nobody in answers with an error, and the address says what was begun.
    cas.signsIn = undefined;
    const begun = theirs.waitForRequest(/\/cas\/login\?/u);
    await theirs.getByRole('link', { name: 'CAS' }).click();
    const service = new URL((await begun).url()).searchParams.get('service') ?? '';
    await mine.goto(`${service}?ticket=${cas.ticket(service, { user: 'mallory' })}`).catch(() => undefined);
    const cookies = await mine.context().cookies();
    assert.equal(
      cookies.find(({ name }) => name === 'countersign_session'),
      undefined,
    );
  });

  step('say why nobody is signed in, in words of ours, and keep the way that was wanted', async () => {
    const page = await visit();
    await page.goto('/oauth/nothing?return=%2Faccount%2Fsecurity');
    await page.getByText('Nobody can sign in with this service any more.').waitFor();
    await mustBeAccessible(page);
    await page.getByLabel('Username or e-mail').fill(administrator.username);
    await page.getByLabel('Password', { exact: true }).fill(administrator.password);
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'Sign out' }).waitFor();
    assert.equal(new URL(page.url()).pathname, '/account/security');
    const other = await visit();
    await other.goto(`/sign-in?refused=${encodeURIComponent(label)}&service=${encodeURIComponent(label)}`);
    await other.getByText('You could not be signed in.').waitFor();
    assert.equal(await other.getByText('onerror').count(), 1, 'on its button alone');
  });

  step('join a service with the account that has its address, once its password is proved', async () => {
    const { email = '' } = alice as { readonly email?: string };
    await world.call('users.create', { username: 'alice', name: 'Alice', email, password, verified: true });
    idp.signsIn(alice);
    const page = await visit();
    await page.goto('/sign-in');
    await byOpenId(page);
    await page.getByRole('heading', { name: 'You have an account here already' }).waitFor();
    await mustBeAccessible(page);
    await page.getByLabel('Username or e-mail').fill('alice');
    await page.getByLabel('Password', { exact: true }).fill('wrong');
    await page.getByRole('button', { name: 'Sign in and join' }).click();
    await page.getByText('The name or the password is not right.').waitFor();
    await page.getByLabel('Password', { exact: true }).fill(password);
    await page.keyboard.press('Enter');
    await isIn(page, 'alice');
    const again = await visit(views.phone);
    await again.goto('/sign-in');
    await byOpenId(again);
    await again.getByRole('button', { name: 'Sign out' }).waitFor();
  });

  step('join nothing for whoever has not come from there, though they sign in', async () => {
    const page = await visit();
    await page.goto('/sign-in?again=1&refused=identity-address-taken&service=keycloak');
    await page.getByLabel('Username or e-mail').fill('alice');
    await page.getByLabel('Password', { exact: true }).fill(password);
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'is not joined' }).waitFor();
    await mustBeAccessible(page);
    await page.getByRole('link', { name: 'Go on' }).click();
    await isIn(page, 'alice');
  });

  step('ask for the second factor, mail its code once, and go on with the right one', async () => {
    const login = await fetch(`${world.base}/api/v1/login`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ user: 'alice', password }),
    });
    const { data } = (await login.json()) as { readonly data: { readonly userId: string; readonly authToken: string } };
    const enabled = await fetch(`${world.base}/api/v1/users.2fa.enableEmail`, {
      method: 'POST',
      headers: { 'X-User-Id': data.userId, 'X-Auth-Token': data.authToken },
    });
    assert.equal(enabled.status, 200);
    idp.signsIn(alice);
    const codes = (): readonly string[] =>
      sink.arrived.flatMap(({ body }) => /\b(\d{3}-\d{3})\b/u.exec(body)?.[1] ?? []);
    for (const view of [views.phone, views.desktop]) {
      const mailed = codes().length;
      const page = await visit(view);
      await page.goto('/sign-in?return=%2Faccount%2Fsecurity');
      await byOpenId(page);
      await page.getByRole('heading', { name: 'One more step' }).waitFor();
      await page.getByLabel('Code').waitFor();
      await mustBeAccessible(page);
      await page.getByLabel('Code').fill('000000');
      await page.keyboard.press('Enter');
      await page.getByText('The code is not right.').waitFor();
      while (codes().length === mailed) await sink.until(sink.arrived.length + 1);
      await page.getByLabel('Code').fill(codes().at(-1) ?? '');
      await page.keyboard.press('Enter');
      await page.getByRole('button', { name: 'Sign out' }).waitFor();
      assert.equal(new URL(page.url()).pathname, '/account/security');
      assert.equal(codes().length, mailed + 1);
    }
  });
});
