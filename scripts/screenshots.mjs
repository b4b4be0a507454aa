// Takes the pictures of the pages that the guides show, into docs/screenshots.
//
//   npm run screenshots               all of them
//   npm run screenshots -- users      those whose names begin so
//
// A server of its own on a fresh store, with a few people who are the same each time.
import { mkdirSync, statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { freePort, openBrowser } from '../test/browser.ts';
import { startServer } from '../test/server.ts';

const folder = fileURLToPath(new URL('../docs/screenshots/', import.meta.url));
const asked = process.argv.slice(2);
const largestBytes = 150_000;

const password = 'Seven-green-chairs-77';
const administrator = { username: 'grace', password };
const desktop = { viewport: { width: 1280, height: 800 }, colorScheme: 'light', locale: 'en-GB', timezoneId: 'UTC' };
const dark = { ...desktop, colorScheme: 'dark' };
const phone = { ...dark, viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true };

const people = [
  ['ada', 'Ada Lovelace', ['user', 'admin']],
  ['alan', 'Alan Turing', ['user']],
  ['barbara', 'Barbara Liskov', ['user']],
  ['donald', 'Donald Knuth', ['user']],
  ['edsger', 'Edsger Dijkstra', ['user']],
  ['frances', 'Frances Allen', ['user']],
  ['katherine', 'Katherine Johnson', ['user', 'bot']],
  ['margaret', 'Margaret Hamilton', ['user']],
  ['radia', 'Radia Perlman', ['user']],
  ['tim', 'Tim Berners-Lee', ['user']],
];

const agents = [
  'Mozilla/5.0 (X11; Linux x64; rv:140.0) Gecko/20100101 Firefox/140.0',
  'Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 Version/18.5 Mobile/15E148 Safari/604.1',
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/140.0.0.0 Safari/537.36',
];

const opened = await openBrowser();
if ('missing' in opened) {
  console.error(`screenshots: ${opened.missing}`);
  process.exit(1);
}
const { browser } = opened;
const port = await freePort();
const base = `http://localhost:${port}`;
const server = await startServer({
  port,
  env: {
    ROOT_URL: base,
    MAIL_URL: 'outbox:',
    ADMIN_USERNAME: administrator.username,
    ADMIN_NAME: 'Grace Hopper',
    ADMIN_PASS: password,
    ADMIN_EMAIL: 'grace@example.com',
    ADMIN_EMAIL_VERIFIED: 'true',
    OVERWRITE_SETTING_Site_Name: 'Example',
    OVERWRITE_SETTING_API_Enable_Rate_Limiter: 'false',
  },
});

async function call(path, body, headers = {}) {
  const response = await fetch(`${base}/api/v1/${path}`, {
    method: body === undefined ? 'GET' : 'POST',
    headers: { ...headers, ...(body === undefined ? {} : { 'Content-Type': 'application/json' }) },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const answer = await response.json();
  if (!response.ok) throw new Error(`${path}: ${response.status} ${JSON.stringify(answer)}`);
  return answer;
}

async function sessionOf(user, agent = agents[0]) {
  const { data } = await call('login', { user, password }, { 'User-Agent': agent });
  return { 'X-User-Id': data.userId, 'X-Auth-Token': data.authToken };
}

const sha256 = async (text) => Buffer.from(await crypto.subtle.digest('SHA-256', Buffer.from(text))).toString('hex');

/** What is there in every picture. */
async function prepare() {
  const session = await sessionOf(administrator.username);
  const sure = { ...session, 'X-2fa-code': await sha256(password), 'X-2fa-method': 'password' };
  const set = async (id, value) => await call(`settings/${id}`, { value }, sure);
  for (const [username, name, roles] of people) {
    const email = `${username}@example.com`;
    await call('users.create', { username, name, email, password, roles, verified: true }, sure);
  }
  for (const agent of agents.slice(1)) await sessionOf(administrator.username, agent);
  for (const [username] of people.slice(1, 6)) await sessionOf(username);
  for (const user of ['tim', 'nobody', 'tim']) {
    await call('login', { user, password: 'wrong' }).catch(() => undefined);
  }
  for (const [tokenName, more] of [
    ['backup script', {}],
    ['build server', { bypassTwoFactor: true }],
  ]) {
    await call('users.generatePersonalAccessToken', { tokenName, ...more }, sure);
  }
  for (const provider of ['Github', 'Google']) {
    await set(`Accounts_OAuth_${provider}_id`, 'countersign');
    await set(`Accounts_OAuth_${provider}_secret`, 'a secret of the provider');
    await set(`Accounts_OAuth_${provider}`, true);
  }
  await set('Accounts_TwoFactorAuthentication_By_Email_Auto_Opt_In', false);
  await call('users.2fa.enableEmail', {}, await sessionOf('radia'));
  const { application } = await call(
    'oauth-apps.create',
    { name: 'Wiki', active: true, redirectUri: 'https://wiki.example.com/callback' },
    sure,
  );
  const { users } = await call('users.list?count=50', undefined, session);
  return { set, clientId: application.clientId, ada: users.find(({ username }) => username === 'ada')._id };
}

async function settled(page) {
  await page.waitForLoadState('networkidle');
  await page.getByRole('heading', { level: 1 }).first().waitFor();
  await page.locator('.loading').waitFor({ state: 'detached' });
}

async function take(page, name) {
  await settled(page);
  const path = `${folder}${name}.png`;
  await page.screenshot({ path, animations: 'disabled' });
  const { size } = statSync(path);
  console.log(`${name}.png ${size}`);
  if (size > largestBytes) throw new Error(`${name}.png is larger than ${largestBytes} bytes.`);
}

const isAsked = (name) => asked.length === 0 || asked.some((word) => name.startsWith(word));

/** A page of somebody who was never here. */
async function visit(name, view, path, act = async () => undefined) {
  if (!isAsked(name)) return;
  const context = await browser.newContext({ ...view, baseURL: base });
  const page = await context.newPage();
  await page.goto(path);
  await settled(page);
  await act(page);
  await take(page, name);
  await context.close();
}

async function fill(page, username) {
  await page.locator('[autocomplete~="username"]').first().fill(username);
  await page.locator('[type="password"]').first().fill(password);
  await page.keyboard.press('Enter');
}

/** Several pages of the administrator, one after the other. */
async function tour(view, stops) {
  const wanted = stops.filter(([name]) => isAsked(name));
  if (wanted.length === 0) return;
  const context = await browser.newContext({ ...view, baseURL: base });
  const page = await context.newPage();
  await page.goto('/sign-in');
  await settled(page);
  await fill(page, administrator.username);
  await page.locator('.bar').waitFor();
  for (const [name, path] of wanted) {
    await page.goto(path);
    await take(page, name);
  }
  await context.close();
}

try {
  mkdirSync(folder, { recursive: true });
  const { set, clientId, ada } = await prepare();
  await tour(desktop, [['setup', '/setup']]);
  await set('Countersign_Setup_Done', true);
  await visit('sign-in', desktop, '/sign-in');
  await visit('sign-in-dark', dark, '/sign-in');
  await visit('sign-in-phone', phone, '/sign-in');
  await visit('sign-in-arabic', { ...phone, colorScheme: 'light', locale: 'ar' }, '/sign-in');
  await visit('sign-in-plain', { ...desktop, javaScriptEnabled: false }, '/sign-in?plain=1');
  await visit('second-factor', desktop, '/sign-in', async (page) => {
    await fill(page, 'radia');
    await page.locator('[autocomplete="one-time-code"]').waitFor();
  });
  await visit('register', desktop, '/register');
  await tour(desktop, [
    ['profile', '/account/profile'],
    ['security', '/account/security'],
    ['sessions', '/account/sessions'],
    ['tokens', '/account/tokens'],
    ['dashboard', '/admin/dashboard'],
    ['users', '/admin/users'],
    ['person', `/admin/users/${ada}`],
    ['roles', '/admin/roles'],
    ['settings', '/admin/settings'],
    ['providers', '/admin/providers'],
    ['applications', '/admin/applications'],
    ['audit', '/admin/audit'],
    ['import', '/admin/import'],
    [
      'consent',
      `/oauth/authorize?${new URLSearchParams({
        client_id: clientId,
        redirect_uri: 'https://wiki.example.com/callback',
        response_type: 'code',
        state: 'x',
      })}`,
    ],
  ]);
  await tour(phone, [
    ['security-phone', '/account/security'],
    ['users-phone', '/admin/users'],
  ]);
  await tour(dark, [['dashboard-dark', '/admin/dashboard']]);
} finally {
  await browser.close();
  await server.dispose();
}
