// better-auth over node:sqlite as its documentation sets it up, without telemetry, limiter and origin checks.
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type RequestListener } from 'node:http';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { listen, readInput } from './announce.ts';

// Its own types do not compile beside ours, so only what is used here is declared.
interface BetterAuth {
  readonly options: object;
  readonly handler: (request: Request) => Promise<Response>;
}
const require = createRequire(import.meta.url);
const { betterAuth } = require('better-auth') as { betterAuth: (options: object) => BetterAuth };
const { bearer, username } = require('better-auth/plugins') as { bearer: () => object; username: () => object };
const { toNodeHandler } = require('better-auth/node') as { toNodeHandler: (auth: BetterAuth) => RequestListener };
const { getMigrations } = require('better-auth/db/migration') as {
  getMigrations: (options: object) => Promise<{ runMigrations: () => Promise<void> }>;
};

const { accounts } = await readInput<{ accounts: number }>();
const folder = mkdtempSync(join(tmpdir(), 'countersign-better-auth-'));
const database = new DatabaseSync(join(folder, 'store.db'));
database.exec('pragma journal_mode = wal; pragma synchronous = normal;');
const base = 'http://127.0.0.1:4301';
const auth = betterAuth({
  baseURL: base,
  secret: 'a secret of at least thirty-two characters',
  database,
  telemetry: { enabled: false },
  logger: { level: 'error' },
  rateLimit: { enabled: false },
  emailAndPassword: { enabled: true },
  session: { cookieCache: { enabled: false } },
  advanced: { disableCSRFCheck: true },
  plugins: [bearer(), username()],
});
await (await getMigrations(auth.options)).runMigrations();

const tokens: string[] = [];
for (let n = 0; n < accounts; n += 1) {
  const answer = await auth.handler(
    new Request(`${base}/api/auth/sign-up/email`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        email: `user.${n}@example.com`,
        password: 'correct horse battery',
        name: `User ${n}`,
        username: `user${n}`,
      }),
    }),
  );
  const token = answer.headers.get('set-auth-token');
  if (token === null) throw new Error(`better-auth refused a sign-up: ${await answer.text()}`);
  tokens.push(token);
}
// An unlinked file lives as long as it is open.
rmSync(folder, { recursive: true });
listen(createServer(toNodeHandler(auth)), { tokens });
