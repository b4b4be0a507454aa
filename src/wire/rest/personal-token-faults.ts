import type { FaultCode } from '../../core/fault.ts';
import { codedFault, type FaultRow } from './faults.ts';

/** Calls for personal tokens test the permission themselves and refuse with 400 (rest.md §8.2). */
export const personalTokenFaults: Partial<Record<FaultCode, FaultRow>> = { 'permission-missing': codedFault };
