import { type Command, UsageError } from '../command.ts';
import { openingErrorOf } from '../refusal.ts';

export const backup: Command = {
  words: 'backup',
  summary: 'Copy the database into a file, also while the server runs.',
  about:
    'The copy is whole and of one moment; it is checked, and made with mode 0600. The key that opens its secrets is not in it: keep that apart. With PostgreSQL it says which command of PostgreSQL does it.',
  arguments: [{ name: 'file', about: 'a file that does not exist yet' }],
  example: 'countersign backup /backups/countersign-monday.db',
  async run(given, desk) {
    const file = given.argument('file');
    if (file === '') throw new UsageError('Name the file that is to be made.');
    const made = await desk.needs.backUp(file, desk.caller).catch((cause: unknown) => {
      throw openingErrorOf(cause);
    });
    const key = made.keyFile === undefined ? 'COUNTERSIGN_KEY' : `the key file ${made.keyFile}`;
    return {
      document: { file: made.file, bytes: made.bytes, keyFile: made.keyFile ?? null },
      text: `${made.file} holds the database, ${made.bytes} bytes, checked.`,
      note: [
        `Its secrets open with ${key} only: keep that too, in another place.`,
        ...(made.noted ? [] : ['The audit trail could not be told of it.']),
      ].join(' '),
    };
  },
};
