import { setImmediate as nextTurn } from 'node:timers/promises';
import { accountIdNamed, entryDocument } from '../audit.ts';
import type { Command } from '../command.ts';
import { momentGiven, timeOptions } from '../moments.ts';

export const auditExport: Command = {
  words: 'audit export',
  summary: 'Print the audit trail as JSON lines, oldest first, with position and seal.',
  about: 'One entry a line, the same with --json. It takes little memory, however long the trail is.',
  options: [
    { flags: '--user <user>', about: 'what this account did, and what happened to it: username, e-mail address or id' },
    ...timeOptions,
  ],
  example: 'countersign audit export --since 2026-01-01 --until 2026-02-01 > january.jsonl',
  async run(given, desk) {
    const times = { since: momentGiven(given, 'since'), until: momentGiven(given, 'until') };
    const user = given.text('user');
    return await desk.withApp(async (app) => {
      const accountId = user === undefined ? undefined : await accountIdNamed(app, user);
      let count = 0;
      for await (const entries of app.audit.export({ accountId, ...times })) {
        desk.needs.stdout(entries.map((entry) => `${JSON.stringify(entryDocument(entry))}\n`).join(''));
        count += entries.length;
        // A reader who has gone away is heard of between two turns only.
        await nextTurn();
        await desk.needs.stdoutDrained?.();
      }
      return { note: count === 1 ? '1 entry.' : `${count} entries.` };
    });
  },
};
