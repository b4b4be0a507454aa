import { Fault } from '../core/fault.ts';
import { isMailAddress } from '../lib/mailbox.ts';

/** @throws Fault `email-invalid` (facts `email`) */
export function mustBeAddress(address: string): void {
  if (!isMailAddress(address).held) throw new Fault('email-invalid', { email: address });
}
