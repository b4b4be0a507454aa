import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright-core';
import { freePort, withBrowser } from './browser.ts';
import { type RunningServer, startServer } from './server.ts';

/** The administrator of a page world. */
export const administrator = { username: 'admin', password: 'Seven-green-chairs-77' };

/** How a page is looked at: each journey must hold in all of them. */
export const views = {
  desktop: { viewport: { width: 1280, height: 800 }, colorScheme: 'light' },
  phone: { viewport: { width: 390, height: 844 }, colorScheme: 'dark', isMobile: true, hasTouch: true },
} as const satisfies Record<string, BrowserContextOptions>;

export interface PageWorld {
  readonly server: RunningServer;
  /** Where the pages are, without a slash at the end. */
  readonly base: string;
  /** A step of the suite; without a browser it is skipped, which fails on CI. */
  step(name: string, act: () => Promise<void>): void;
  /** A browser of somebody who was never here. It ends with the suite. */
  visit(options?: BrowserContextOptions): Promise<Page>;
  /** Signs in by the page, and waits for the account. */
  signIn(page: Page, who?: { readonly username: string; readonly password: string }, path?: string): Promise<void>;
  /** The browser of the administrator, who signs in once, at a page. */
  office(path: string): Promise<Page>;
  /** Calls the interface as the administrator, and gives the answer; refusals fail. */
  call(path: string, body?: object): Promise<Record<string, unknown>>;
}

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/**
 * A whole server with its pages and a browser, for the suite around the call.
 * @param env as an operator gives it; it is read when the suite begins, and may name a `PORT`
 * @param elsewhere origins that the pages lead browsers to
 */
export function pageWorld(env: Readonly<Record<string, string>> = {}, elsewhere: readonly string[] = []): PageWorld {
  let server: RunningServer | undefined;
  let browser: Browser | undefined;
  let base = '';
  const contexts: BrowserContext[] = [];
  const troubles: string[] = [];
  let session: Readonly<Record<string, string>> | undefined;
  let desktop: Page | undefined;

  const step = withBrowser(
    async (opened) => {
      browser = opened;
      const port = env['PORT'] === undefined ? await freePort() : Number(env['PORT']);
      base = `http://localhost:${port}`;
      server = await startServer({
        port,
        env: {
          ROOT_URL: base,
          MAIL_URL: 'outbox:',
          ADMIN_USERNAME: administrator.username,
          ADMIN_PASS: administrator.password,
          ADMIN_EMAIL: 'admin@example.com',
          ADMIN_EMAIL_VERIFIED: 'true',
          OVERWRITE_SETTING_Site_Name: 'Example',
          OVERWRITE_SETTING_API_Enable_Rate_Limiter: 'false',
          OVERWRITE_SETTING_Countersign_Setup_Done: 'true',
          ...env,
        },
      });
    },
    async () => {
      await server?.dispose();
      assert.deepEqual(troubles, [], 'what the pages wrote to the console, or asked of other hosts');
    },
  );

  const running = (): RunningServer => {
    assert.ok(server !== undefined);
    return server;
  };

  async function api(path: string, headers: Readonly<Record<string, string>>, body?: object) {
    const response = await fetch(`${base}/api/v1/${path}`, {
      method: body === undefined ? 'GET' : 'POST',
      headers: { ...headers, ...(body === undefined ? {} : { 'Content-Type': 'application/json' }) },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const answer = (await response.json()) as Record<string, unknown>;
    assert.equal(response.status, 200, `${path}: ${JSON.stringify(answer)}`);
    return answer;
  }

  return {
    get server() {
      return running();
    },
    get base() {
      return base;
    },
    step,
    async visit(options = views.desktop) {
      assert.ok(browser !== undefined);
      const context = await browser.newContext({ locale: 'en-GB', baseURL: base, ...options });
      context.setDefaultTimeout(20_000);
      contexts.push(context);
      const page = await context.newPage();
      page.on('console', (message) => {
        // A refusal that the page explains is told to the console by the browser itself.
        if (message.type() === 'error' && !message.text().startsWith('Failed to load resource')) {
          troubles.push(message.text());
        }
      });
      page.on('pageerror', (error) => troubles.push(error.message));
      page.on('request', (request) => {
        const url = request.url();
        const isOurs = [base, ...elsewhere].some((origin) => url.startsWith(`${origin}/`));
        if (!isOurs && !/^(?:data|blob):/u.test(url)) troubles.push(`asked ${url}`);
      });
      return page;
    },
    async signIn(page, who = administrator, path = '/') {
      await page.goto(path);
      await page.getByLabel('Username or e-mail').fill(who.username);
      await page.getByLabel('Password', { exact: true }).fill(who.password);
      await page.getByRole('button', { name: 'Sign in', exact: true }).click();
      await page.getByRole('button', { name: 'Sign out' }).waitFor();
    },
    async office(path) {
      if (desktop === undefined) {
        desktop = await this.visit();
        await this.signIn(desktop);
      }
      await desktop.goto(path);
      return desktop;
    },
    async call(path, body) {
      if (session === undefined) {
        const { data } = await api('login', {}, { user: administrator.username, password: administrator.password });
        const { userId, authToken } = data as { readonly userId: string; readonly authToken: string };
        session = { 'X-User-Id': userId, 'X-Auth-Token': authToken };
      }
      return await api(path, session, body);
    },
  };
}

interface Violation {
  readonly id: string;
  readonly help: string;
  readonly nodes: readonly { readonly html: string; readonly failureSummary?: string }[];
}

/** Looks for what bars people out (WCAG 2.2 AA, by axe): there must be none. */
export async function mustBeAccessible(page: Page): Promise<void> {
  await page.getByRole('heading', { level: 1 }).waitFor();
  // Through the debugger: the policy of the pages lets no script in.
  await page.evaluate(axe);
  const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
  const violations = await page.evaluate<readonly Violation[]>(
    `axe.run(document, { runOnly: { type: 'tag', values: ${JSON.stringify(tags)} } }).then((found) => found.violations)`,
  );
  assert.deepEqual(
    violations.map(({ id, help, nodes }) => ({ id, help, nodes: nodes.map(({ html }) => html.slice(0, 300)) })),
    [],
  );
}

/** How far what is seen has moved by itself since the page was opened (Cumulative Layout Shift); 0 is not at all. */
export async function layoutShift(page: Page): Promise<number> {
  return await page.evaluate<number>(`new Promise((resolve) => {
    let sum = 0;
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) if (!entry.hadRecentInput) sum += entry.value;
    }).observe({ type: 'layout-shift', buffered: true });
    setTimeout(() => resolve(sum), 100);
  })`);
}
