import type { Command } from '../command.ts';
import { openingErrorOf } from '../refusal.ts';

export const serve: Command = {
  words: 'serve',
  summary: 'Run the server.',
  about:
    'It runs until it gets SIGINT or SIGTERM. The environment decides where it listens and what it stores; see docs/reference/environment.md. Its log is JSON with and without --json.',
  example: 'PORT=3000 DATABASE_URL=sqlite:./data/countersign.db countersign serve',
  async run(_given, desk) {
    try {
      return { code: await desk.needs.serve() };
    } catch (cause) {
      throw openingErrorOf(cause);
    }
  },
};
