import type { Factor } from '../core/second-factor/factor.ts';
import { type PasswordFactorNeeds, passwordFactor } from './password.ts';

/** Every second factor there is, in the order in which they are preferred. */
export function allFactors(needs: PasswordFactorNeeds): readonly Factor[] {
  return [passwordFactor(needs)];
}
