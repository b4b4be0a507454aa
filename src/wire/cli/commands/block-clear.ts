import { isIP } from 'node:net';
import type { BlockSubject } from '../../../core/session/block-store.ts';
import { namedAccount, nameOf } from '../accounts.ts';
import { type Command, UsageError } from '../command.ts';
import type { CliApp } from '../needs.ts';
import { counted } from '../text.ts';

export const blockClear: Command = {
  words: 'block clear',
  summary: 'Forget the failed sign-ins of an account, of one of its devices, of an address or of a typed name.',
  about:
    'For an account, the failures on every device and the wrong codes are forgotten; its password and second factors stay as they are. An IPv6 address stands for its /64.',
  arguments: [
    {
      name: 'blocked',
      about:
        'an IP address; name: and a digest of the list; or a username, e-mail address or id; username:, email: or id: before it says which is meant',
    },
  ],
  options: [{ flags: '--device <device>', about: 'only this device of the account, as it is listed' }],
  example: 'countersign block clear 203.0.113.9',
  async run(given, desk) {
    const text = given.argument('blocked');
    const device = given.text('device');
    return await desk.withApp(async (app) => {
      const { subject, name } = await subjectOf(app, text, device);
      const count = await app.host.clearBlock(subject, desk.caller);
      return {
        document: { ...subject, forgottenFailures: count },
        text: `${name} is not blocked: ${counted(count, 'failed sign-in')} forgotten.`,
      };
    });
  },
};

async function subjectOf(
  app: CliApp,
  text: string,
  device: string | undefined,
): Promise<{ readonly subject: BlockSubject; readonly name: string }> {
  const digest = /^name:([A-Za-z0-9+/]{43}=)$/u.exec(text)?.[1];
  const isAddress = isIP(text.replace(/\/64$/u, '')) !== 0;
  if (device !== undefined && (digest !== undefined || isAddress)) {
    throw new UsageError('Only accounts have devices: leave --device out.');
  }
  if (digest !== undefined) return { subject: { kind: 'name', digest }, name: 'The typed name' };
  if (isAddress) return { subject: { kind: 'address', address: text }, name: text };
  const account = await namedAccount(app, text);
  if (device === undefined) return { subject: { kind: 'account', accountId: account.id }, name: nameOf(account) };
  const subject = { kind: 'device', accountId: account.id, device } as const;
  return { subject, name: `This device of ${nameOf(account)}` };
}
