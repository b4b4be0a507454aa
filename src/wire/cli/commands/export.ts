import type { Command } from '../command.ts';
import { exportForm, exportLine } from '../import/export-form.ts';
import { Refusal } from '../refusal.ts';
import { counted, isoMoment } from '../text.ts';
import type { WholeFile } from '../whole-file.ts';

export const exportAll: Command = {
  words: 'export',
  summary: 'Write everybody out, with all that signs them in, as lines of JSON.',
  about:
    'Settings, roles, permissions and accounts with their password hashes, tokens (as hashes), second factors and links; countersign import countersign reads it back. The audit trail has an export of its own. Keep the file as you keep the database. It is made with mode 0600, and gets its name once it is whole; without one the lines go to standard output.',
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
    const file = path === undefined ? undefined : await opened(path);
    const write = (line: object): void => {
      const text = `${JSON.stringify(line)}\n`;
      if (file === undefined) desk.needs.stdout(text);
      else {
        trying(path, () => {
          file.write(text);
        });
      }
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
    let accounts: number;
    try {
      accounts = await written;
      trying(path, () => file?.finish());
    } catch (cause) {
      file?.abandon();
      throw cause;
    }
    const secrets = openSecrets ? ' Secrets stand in it in clear.' : '';
    return {
      ...(file === undefined ? {} : { document: { accounts, openSecrets } }),
      note: `${counted(accounts, 'account')} written. The file signs everybody in: keep it as you keep the database.${secrets}`,
    };
  },
};

async function opened(path: string): Promise<WholeFile> {
  const { openWholeFile } = await import('../whole-file.ts');
  return trying(path, () => openWholeFile(path));
}

/** @throws Refusal where the file cannot be made or written */
function trying<T>(path: string | undefined, act: () => T): T {
  try {
    return act();
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : String(cause);
    const why = code === 'EEXIST' ? 'exists already: name another file' : `cannot be written (${code})`;
    throw new Refusal('file-unwritable', `${path ?? ''} ${why}.`);
  }
}
