import { type ProveNeeds, provePassword } from '../core/password/prove.ts';
import type { PasswordStore } from '../core/password/store.ts';
import type { Factor } from '../core/second-factor/factor.ts';

export interface PasswordFactorNeeds extends ProveNeeds {
  readonly passwords: Pick<PasswordStore, 'hashOf'>;
}

/** The fallback: the account's own password, as SHA-256 hex in any case of letters (rest.md §6.2). */
export function passwordFactor(needs: PasswordFactorNeeds): Factor {
  return {
    name: 'password',
    fallback: true,
    enabledFor: (account) => ({ held: account.hasPassword }),
    offer: async () => await Promise.resolve({ codeGenerated: false }),
    async check({ account }, code) {
      const stored = await needs.passwords.hashOf(account.id);
      const answer = await provePassword(needs, { digest: code.toLowerCase() }, stored, 'first');
      return answer.held ? { held: true, spends: undefined } : { held: false };
    },
  };
}
