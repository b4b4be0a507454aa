import type { Group } from '../group.ts';
import { accounts } from './accounts.ts';
import { bruteForce } from './brute-force.ts';
import { enumeration } from './enumeration.ts';
import { factors, trust } from './factors.ts';
import { generated } from './generated.ts';
import { mailedCodes } from './mailed-codes.ts';
import { protocol } from './protocol.ts';
import { realtime } from './realtime.ts';
import { appTrust, guesses, ownApps } from './second-factors.ts';
import { sessions } from './sessions.ts';
import { surface } from './surface.ts';
import { tokens } from './tokens.ts';
import { types } from './types.ts';

/** Every group, in the order in which they run. */
export const groups: readonly Group[] = [
  types,
  generated,
  realtime,
  enumeration,
  bruteForce,
  factors,
  trust,
  ownApps,
  guesses,
  mailedCodes,
  appTrust,
  sessions,
  tokens,
  accounts,
  protocol,
  surface,
];
