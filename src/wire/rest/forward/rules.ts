import { listed } from '../../../core/account/rules.ts';
import type { Signed } from '../../../core/session/token.ts';

/** Who is let through to what stands behind a proxy. */
export interface ForwardRules {
  /** Ids of roles, one of which is enough; empty for everybody who is signed in. */
  readonly roles: readonly string[];
  /** Whether the session must have shown a second factor. */
  readonly factor: boolean;
}

/**
 * Reads the rules that a proxy was configured with: `roles=a,b&factor=1`.
 * @returns undefined where something is not understood: then nobody is let through, since a rule that is misspelt must
 *   not open what it was to shut
 */
export function forwardRules(text: string): ForwardRules | undefined {
  const roles: string[] = [];
  let factor = false;
  for (const [name, value] of new URLSearchParams(text)) {
    if (name === 'roles' && listed(value).length > 0) roles.push(...listed(value));
    else if (name === 'factor' && value === '1') factor = true;
    else return undefined;
  }
  return { roles, factor };
}

/** Whether somebody fits all of these rules. */
export function fits({ account, token }: Signed, rules: readonly ForwardRules[]): { readonly held: boolean } {
  return {
    held: rules.every(
      ({ roles, factor }) =>
        (roles.length === 0 || roles.some((role) => account.roles.includes(role))) &&
        (!factor || token.factor !== undefined),
    ),
  };
}
