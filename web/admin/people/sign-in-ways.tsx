import { usePerson } from '../../person.ts';
import { PersonFactors } from './factors.tsx';
import { FailedSignIns } from './failed-sign-ins.tsx';
import { Identities } from './identities.tsx';
import type { RankedPerson } from './one-person.ts';
import { PersonPassword } from './password.tsx';
import { TokenMaking } from './token-making.tsx';

/** By what somebody signs in, and what helps who cannot. */
export function SignInWays(given: RankedPerson) {
  const { may } = usePerson();
  return (
    <>
      <PersonPassword {...given} />
      <PersonFactors {...given} />
      {may('view-full-other-user-info') ? <Identities {...given} /> : null}
      {may('manage-blocks') && !given.isAbove ? <FailedSignIns {...given} /> : null}
      {may('user-generate-access-token') && !given.isAbove ? <TokenMaking {...given} /> : null}
    </>
  );
}
