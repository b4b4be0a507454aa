import { after, before } from 'node:test';
import { type Postgres, startPostgres } from '../../../test/postgres.ts';
import { accountStoreSuite } from '../../core/account/store.suite.ts';
import { auditStoreSuite } from '../../core/audit/store.suite.ts';
import { passwordStoreSuite } from '../../core/password/store.suite.ts';
import { noon, type SuiteGround } from '../../core/samples.suite.ts';
import { tokenStoreSuite } from '../../core/session/store.suite.ts';
import { settingStoreSuite } from '../../core/setting/store.suite.ts';
import { openPostgres } from './open.ts';

let postgres: Postgres;
before(async () => {
  postgres = await startPostgres();
});
after(async () => {
  await postgres.stop();
});

async function open(): Promise<SuiteGround> {
  let run: string[] = [];
  const store = await openPostgres({
    url: await postgres.freshDatabase(),
    clock: { now: () => noon },
    onStatement: (sql) => run.push(sql),
  });
  return {
    store,
    statements: () => {
      const since = run;
      run = [];
      return since;
    },
  };
}

for (const suite of [accountStoreSuite, settingStoreSuite, passwordStoreSuite, tokenStoreSuite, auditStoreSuite]) {
  suite('postgres', open);
}
