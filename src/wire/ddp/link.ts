import type { Moment } from '../../core/ports.ts';
import type { Restriction } from '../../core/session/restricted.ts';

/** Whose token a connection bears. The token itself is not kept: it may end at any time, and is looked up on use. */
export interface Identity {
  readonly accountId: string;
  readonly tokenHash: string;
  /** When the token ends; undefined for never. */
  readonly endsAt: Moment | undefined;
  /** What has to be done before anything else, until it is seen that it is done. */
  readonly restriction: Restriction | undefined;
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
  /** What has to be done before anything else may be another thing now. */
  review(): Promise<void>;
  /** Its token is gone. @param forced another ended it, and the client is told before the socket closes */
  revoke(tokenHash: string, forced: boolean): void;
}
