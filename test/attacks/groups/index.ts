import type { Group } from '../group.ts';
import { accounts } from './accounts.ts';
import { applications } from './applications.ts';
import { audit } from './audit.ts';
import { bruteForce } from './brute-force.ts';
import { enumeration } from './enumeration.ts';
import { factors, trust } from './factors.ts';
import { generated } from './generated.ts';
import { mailedCodes } from './mailed-codes.ts';
import { passwords } from './passwords.ts';
import { profiles } from './profiles.ts';
import { protection } from './protection.ts';
import { protocol } from './protocol.ts';
import { providers } from './providers.ts';
import { realtime } from './realtime.ts';
import { recovery, registration } from './recovery.ts';
import { roles } from './roles.ts';
import { appTrust, guesses, ownApps } from './second-factors.ts';
import { sessions } from './sessions.ts';
import { sessionsAndTokens } from './sessions-and-tokens.ts';
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
  protection,
  factors,
  trust,
  ownApps,
  guesses,
  mailedCodes,
  appTrust,
  sessions,
  tokens,
  sessionsAndTokens,
  accounts,
  profiles,
  passwords,
  protocol,
  surface,
  audit,
  recovery,
  registration,
  roles,
  providers,
  applications,
];
