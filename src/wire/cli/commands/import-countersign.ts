import { countersign } from '../import/countersign.ts';
import { importCommand } from '../import/import-command.ts';

export const importCountersign = importCommand({
  words: 'import countersign',
  summary: 'Bring in what countersign export wrote.',
  about:
    'Who is there already is passed over. Secrets that were exported sealed open with the same key only: accounts whose authenticator app does not open stay away, and are told.',
  example: 'countersign import countersign people.jsonl',
  dialect: countersign,
});
