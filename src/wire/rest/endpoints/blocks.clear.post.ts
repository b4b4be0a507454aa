import { isIP } from 'node:net';
import type { Cleared, ClearSubject } from '../../../core/session/block-store.ts';
import { endpoint } from '../endpoint.ts';
import { namedAccount } from '../named-account.ts';
import { coded } from '../refusal.ts';
import { object, optional, text, whole } from '../schema.ts';

const digestForm = /^[A-Za-z0-9+/]{43}=$/u;

export default endpoint({
  method: 'post',
  path: '/api/v1/blocks.clear',
  summary: 'Forgets the failed sign-ins of an account, of one of its devices, of an address or of a typed name.',
  auth: 'token',
  applications: false,
  permission: { all: ['manage-blocks'] },
  twoFactor: { remember: true, always: false },
  body: object({
    userId: optional(text({ description: 'An account, on every device and with its wrong codes.' })),
    username: optional(text({ description: 'The same by its name.' })),
    device: optional(text({ description: 'Only this device of the account, as it is listed.' })),
    address: optional(text({ description: 'An address, or a /64 as it is listed.' })),
    name: optional(text({ description: 'The digest of a typed name, as it is listed.' })),
  }),
  answer: object({
    cleared: whole({ description: 'How many failed sign-ins are forgotten.' }),
    wrongCodes: whole({ description: 'How many wrong codes in a row of an account are forgotten.' }),
  }),
  async run(app, { signed, body, caller }) {
    const subject = subjectNamed(body);
    if (subject !== undefined) return answerOf(await app.block.clear(signed, subject, caller));
    const { id: accountId } = await namedAccount(app, body);
    const { device } = body;
    const ofAccount: ClearSubject =
      device === undefined ? { kind: 'account', accountId } : { kind: 'device', accountId, device };
    return answerOf(await app.block.clear(signed, ofAccount, caller));
  },
});

function answerOf({ failures, wrongCodes }: Cleared) {
  return { cleared: failures, wrongCodes };
}

/**
 * What a request names that is no account; undefined where it names one, or a device of one.
 * @throws Refusal 400 where it names two things, or something that is no address and no digest
 */
function subjectNamed(body: {
  readonly userId?: string | undefined;
  readonly username?: string | undefined;
  readonly device?: string | undefined;
  readonly address?: string | undefined;
  readonly name?: string | undefined;
}): ClearSubject | undefined {
  const { address, name } = body;
  const ofAccount = [body.userId, body.username, body.device].some((given) => given !== undefined);
  if ([ofAccount, address !== undefined, name !== undefined].filter(Boolean).length > 1) {
    throw coded('error-invalid-params', 'Only one of an account, an address and a name can be cleared at once');
  }
  if (body.device !== undefined && !digestForm.test(body.device)) {
    throw coded('error-invalid-params', 'The "device" param is no device of the list');
  }
  if (address !== undefined) {
    if (isIP(address.replace(/\/64$/u, '')) === 0 || address.length > 64) {
      throw coded('error-invalid-params', 'The "address" param is no address');
    }
    return { kind: 'address', address };
  }
  if (name !== undefined) {
    if (!digestForm.test(name)) throw coded('error-invalid-params', 'The "name" param is no digest of the list');
    return { kind: 'name', digest: name };
  }
  return undefined;
}
