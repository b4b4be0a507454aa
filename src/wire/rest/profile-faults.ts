import type { FaultCode } from '../../core/fault.ts';
import { codedAs, type FaultRow } from './faults.ts';

const unsaved = codedAs('error-could-not-save-identity', 'Could not save user identity');

/** How editing a profile refuses a username, whatever is the matter with it (rest.md §11.3), and an overtaken proof. */
export const profileFaults: Partial<Record<FaultCode, FaultRow>> = {
  'username-taken': unsaved,
  'username-invalid': unsaved,
  'username-reserved': unsaved,
  // Another password was set between the proof and the change: the proof holds no more.
  'wrong-credentials': codedAs('totp-invalid', 'TOTP Invalid'),
};
