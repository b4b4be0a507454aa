import type { Command } from '../command.ts';
import { exportForm, exportLine } from '../import/export-form.ts';
import { Refusal } from '../refusal.ts';
import { counted, isoMoment } from '../text.ts';

export const exportAll: Command = {
  words: 'export',
  summary: 'Write everybody out, with all that signs them in, as lines of JSON.',
  about:
    'Settings, roles, permissions and accounts with their password hashes, tokens (as hashes), second factors and links; countersign import countersign reads it back. The audit trail has an export of its own. Keep the file as you keep the database. It is made with mode 0600; without one the lines go to standard output.',
  arguments: [{ name: 'file', about: 'a file that does not exist yet', optional: true }],
  options: [
    {
      flags: '--include-secrets',
      about: 'write secrets of authenticator apps and settings in clear, for a server with another key',
    },
  ],
  example: 'countersign export people.jsonl',
  async run(given, desk) {
    const openSecrets = given.flag('includeSecrets');
    const path = given.optionalArgument('file');
    const { openSync, writeSync, fsyncSync, closeSync, rmSync } = await import('node:fs');
    let file: number | undefined;
    try {
      file = path === undefined ? undefined : openSync(path, 'wx', 0o600);
    } catch (cause) {
      throw new Refusal('file-unwritable', whyNotMade(path ?? '', cause));
    }
    const write = (line: object): void => {
      const text = `${JSON.stringify(line)}\n`;
      if (file === undefined) desk.needs.stdout(text);
      else writeSync(file, text);
    };
    const written = desk.withApp(async (app) => {
      let count = 0;
      const madeAt = isoMoment(app.moving.now());
      write({ kind: 'countersign', form: exportForm, madeAt, keyMark: app.moving.keyMark(), openSecrets });
      for await (const leaving of await app.moving.bringOut({ openSecrets }, desk.caller)) {
        if (leaving.kind === 'account') count += 1;
        write(exportLine(leaving));
      }
      write({ kind: 'end', accounts: count });
      return count;
    });
    const accounts = await written.catch((cause: unknown) => {
      // Half a file would stand in the way of the next try.
      if (path !== undefined) rmSync(path, { force: true });
      throw cause;
    });
    if (file !== undefined) {
      fsyncSync(file);
      closeSync(file);
    }
    const secrets = openSecrets ? ' Secrets stand in it in clear.' : '';
    return {
      ...(file === undefined ? {} : { document: { accounts, openSecrets } }),
      note: `${counted(accounts, 'account')} written. The file signs everybody in: keep it as you keep the database.${secrets}`,
    };
  },
};

function whyNotMade(path: string, cause: unknown): string {
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
  return code === 'EEXIST' ? `${path} exists already: name another file.` : `${path} cannot be made (${code}).`;
}
