import type { OtherFactor, SecondFactorChallenge } from '../src/client/index.ts';

/** Gives the code, and of which method; with an empty one the server asks for that method. Undefined gives up. */
type Ask = (challenge: SecondFactorChallenge) => Promise<OtherFactor | undefined>;

let ask: Ask | undefined;

/** Says who asks people for second factors: the dialog, once it stands. */
export function factorsAreAskedBy(asker: Ask): void {
  ask = asker;
}

/** Asks whoever sits before the page for a second factor. */
export async function askForFactor(challenge: SecondFactorChallenge): Promise<OtherFactor | undefined> {
  return await ask?.(challenge);
}
