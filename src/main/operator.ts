import { userInfo } from 'node:os';
import type { Environment } from './product.ts';

const longest = 64;

/**
 * Whose account of the machine a command was called with: of `sudo` who called it, else who runs it. It is a claim, since
 * who calls may set the variable, and tells apart people who mean no harm.
 */
export function operatorOf(env: Environment): string | undefined {
  const name = env['SUDO_USER'] ?? '';
  const found = name === '' ? ownName() : name;
  return found.isWellFormed() && !/\p{Cc}/u.test(found) ? found.slice(0, longest) : undefined;
}

/** In a container nobody may have named the account. */
function ownName(): string {
  try {
    return userInfo().username;
  } catch {
    return `uid ${process.getuid?.() ?? '?'}`;
  }
}
