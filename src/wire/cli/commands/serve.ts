import type { Command } from '../command.ts';

export const serve: Command = {
  words: 'serve',
  summary: 'Run the server.',
  about:
    'It runs until it gets SIGINT or SIGTERM. The environment decides where it listens and what it stores; see docs/reference/environment.md. Its log is JSON with and without --json.',
  example: 'PORT=3000 DATABASE_URL=sqlite:./data/countersign.db countersign serve',
  run: async (_given, desk) => ({ code: await desk.needs.serve() }),
};
