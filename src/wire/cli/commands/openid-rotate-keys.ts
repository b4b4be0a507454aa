import type { Command } from '../command.ts';

export const openIdRotateKeys: Command = {
  words: 'openid rotate-keys',
  summary: 'Make a new key for signing what applications are told.',
  about:
    'Every node publishes the new key at once and signs with it a minute later; the old one stays published for two weeks, so that nobody has to sign in again. With --at-once the old keys are gone: for when somebody else may know them.',
  arguments: [],
  options: [{ flags: '--at-once', about: 'drop the old keys; what they signed is void from now on' }],
  example: 'countersign openid rotate-keys',
  async run(given, desk) {
    const atOnce = given.flag('atOnce');
    return await desk.withApp(async (app) => {
      const kid = await app.openId.rotateKeys({ atOnce });
      const old = atOnce
        ? 'The old ones are gone.'
        : 'It signs in a minute; the old one stays published for two weeks.';
      return { document: { kid, atOnce }, text: `The key ${kid} is made. ${old}` };
    });
  },
};
