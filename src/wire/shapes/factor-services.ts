import type { Account } from '../../core/account/account.ts';

/** The flags by which clients know the second factors of their own account (rest.md §7.7, realtime.md §9.1). */
export function factorServices({ secondFactors }: Pick<Account, 'secondFactors'>): {
  readonly totp?: { readonly enabled: true };
  readonly email2fa?: { readonly enabled: true };
} {
  return {
    ...(secondFactors.app ? { totp: { enabled: true } } : {}),
    ...(secondFactors.email ? { email2fa: { enabled: true } } : {}),
  };
}
