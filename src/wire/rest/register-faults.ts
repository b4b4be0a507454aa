import type { FaultCode } from '../../core/fault.ts';
import { faultText } from '../shapes/fault-text.ts';
import { methodError } from '../shapes/method-call.ts';
import { always, type FaultRow } from './faults.ts';

/** How registration refuses where it does so in words of its own (rest.md §11.1). */
export const registerFaults: Partial<Record<FaultCode, FaultRow>> = {
  'username-invalid': always(400, { error: 'The username provided is not valid' }),
  'username-taken': always(400, { error: 'Username is already in use' }),
  'email-taken': always(400, { error: 'Email already exists' }),
  // The error itself, and no text that tells it: as Rocket.Chat has it.
  'custom-field-invalid': (fault) => ({ status: 400, body: { ...methodError(faultText(fault)), success: false } }),
};
