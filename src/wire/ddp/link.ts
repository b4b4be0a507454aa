import type { Moment } from '../../core/ports.ts';

/** Whose token a connection bears. The token itself is not kept: it may end at any time, and is looked up on use. */
export interface Identity {
  readonly accountId: string;
  readonly tokenHash: string;
  /** When the token ends; undefined for never. */
  readonly endsAt: Moment | undefined;
  /** True until it is seen that the second factor is there. */
  readonly enrolsOnly: boolean;
}

/** What the parts that watch over connections see of one. */
export interface Link {
  readonly identity: Identity | undefined;
  /** The place in the wheel; -1 for none. Only the wheel writes it. */
  slot: number;
  /** The number of the last event it was sent. Only `Topics` writes it. */
  lastEvent: number;
  send(frame: string): void;
  /** Once in 15 s. @returns true when its token should be looked at again */
  beat(now: Moment): boolean;
  /** Its token is gone. @param forced another ended it, and the client is told before the socket closes */
  revoke(tokenHash: string, forced: boolean): void;
}
