import type { Role, User, WaysIn } from '../../../src/client/index.ts';

/** What the parts of a person's screen are given. */
export interface OnePerson {
  readonly user: User;
  /** Undefined where the caller may not know. */
  readonly ways: WaysIn | undefined;
  readonly roles: readonly Role[];
  /** Asks the server again. */
  readonly reload: () => void;
}

/** And whether the person ranks above whoever looks: then nothing can be changed. */
export interface RankedPerson extends OnePerson {
  readonly isAbove: boolean;
}
