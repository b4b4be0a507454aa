import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { dirname } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { inherited } from './inherited.ts';
import { type Postgres, startPostgres } from './postgres.ts';
import { makePostgresTemplate } from './postgres-world.ts';

const root = dirname(dirname(fileURLToPath(import.meta.url)));

/** Tests of endpoints and methods that open a world for themselves, and so run on any store. */
const files = [
  'src/wire/rest/account-bounds.test.ts',
  'src/wire/rest/application-tokens.test.ts',
  'src/wire/rest/applications.test.ts',
  'src/wire/rest/audit.test.ts',
  'src/wire/rest/blocks.test.ts',
  'src/wire/rest/browser-flow.test.ts',
  'src/wire/rest/identities.test.ts',
  'src/wire/rest/imports.test.ts',
  'src/wire/rest/log-in.test.ts',
  'src/wire/rest/looking-up.test.ts',
  'src/wire/rest/mails.test.ts',
  'src/wire/rest/oauth-authorize.test.ts',
  'src/wire/rest/oauth-token.test.ts',
  'src/wire/rest/page-session.test.ts',
  'src/wire/rest/passkeys.test.ts',
  'src/wire/rest/pictures.test.ts',
  'src/wire/rest/preferences.test.ts',
  'src/wire/rest/profiles.test.ts',
  'src/wire/rest/recovery.test.ts',
  'src/wire/rest/refusals.test.ts',
  'src/wire/rest/registration.test.ts',
  'src/wire/rest/roles.test.ts',
  'src/wire/rest/route-limit.test.ts',
  'src/wire/rest/sessions.test.ts',
  'src/wire/rest/settings.test.ts',
  'src/wire/rest/statistics.test.ts',
  'src/wire/rest/two-factor.test.ts',
  'src/wire/rest/users-list.test.ts',
  'src/wire/ddp/profiles.test.ts',
  'src/wire/ddp/recovery.test.ts',
  'src/wire/ddp/roles.test.ts',
  'test/audit.test.ts',
  'test/ldap-sync.test.ts',
  'test/new-device.test.ts',
  'test/password-rules.test.ts',
  'test/protection.test.ts',
  'test/provider-logout.test.ts',
  'test/required-password.test.ts',
  'test/scoped-tokens.test.ts',
  'test/shared-calls.test.ts',
] as const;

describe('endpoints and methods, on PostgreSQL', { timeout: 600_000 }, () => {
  let postgres: Postgres;

  before(async () => {
    postgres = await startPostgres();
    await makePostgresTemplate(postgres.url('postgres'), { now: () => Date.now() });
  });
  after(async () => {
    await postgres.stop();
  });

  for (const file of files) {
    it(`answer as on the embedded database: ${file}`, async () => {
      const child = spawn(process.execPath, [file], {
        cwd: root,
        env: { ...inherited, TEST_POSTGRES: postgres.url('postgres') },
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      let said = '';
      child.stdout.setEncoding('utf8').on('data', (text: string) => {
        said += text;
      });
      const [code] = (await once(child, 'close')) as [number | null];
      assert.equal(code, 0, said);
      // A file that ran nothing ends with 0 as well.
      assert.match(said, /^(?:#|ℹ) pass [1-9]/mu);
    });
  }
});
