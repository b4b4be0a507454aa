import { isIP } from 'node:net';
import type { Account } from '../../../core/account/account.ts';
import type { Cleared, ClearSubject } from '../../../core/session/block-store.ts';
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
      const { subject, name, account } = await subjectOf(app, text, device);
      const cleared = await app.host.clearBlock(subject, desk.caller);
      return { document: { ...subject, ...clearedDocument(cleared) }, text: clearedText(name, cleared, account) };
    });
  },
};

/** What was forgotten, as JSON. */
export function clearedDocument({ failures, wrongCodes }: Cleared) {
  return { forgottenFailures: failures, forgottenWrongCodes: wrongCodes };
}

/** The same as a sentence; and where an account is closed, that this alone does not let it in. */
export function clearedText(name: string, { failures, wrongCodes }: Cleared, account: Account | undefined): string {
  const forgotten = [
    ...(failures === 0 ? [] : [counted(failures, 'failed sign-in')]),
    ...(wrongCodes === 0 ? [] : [counted(wrongCodes, 'wrong code')]),
  ];
  const told = forgotten.length === 0 ? 'there was nothing to forget' : `${forgotten.join(' and ')} forgotten`;
  const closed = account?.open === false ? ' The account is disabled and cannot sign in: countersign user enable.' : '';
  return `${name} is not blocked: ${told}.${closed}`;
}

/**
 * Whose failures are meant.
 * @throws UsageError where something that has no devices is named with one; Fault `account-unknown`
 */
export async function subjectOf(
  app: CliApp,
  text: string,
  device: string | undefined,
): Promise<{ readonly subject: ClearSubject; readonly name: string; readonly account?: Account }> {
  const digest = /^name:([A-Za-z0-9+/]{43}=)$/u.exec(text)?.[1];
  const isAddress = isIP(text.replace(/\/64$/u, '')) !== 0;
  if (device !== undefined && (digest !== undefined || isAddress)) {
    throw new UsageError('Only accounts have devices: leave --device out.');
  }
  if (digest !== undefined) return { subject: { kind: 'name', digest }, name: 'The typed name' };
  if (isAddress) return { subject: { kind: 'address', address: text }, name: text };
  const account = await namedAccount(app, text);
  const name = nameOf(account);
  if (device === undefined) return { subject: { kind: 'account', accountId: account.id }, name, account };
  const subject = { kind: 'device', accountId: account.id, device } as const;
  return { subject, name: `This device of ${name}`, account };
}
