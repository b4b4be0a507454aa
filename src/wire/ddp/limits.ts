/** What one client may ask of the realtime door. Tests put smaller numbers in. */
export interface Limits {
  /** The longest frame in bytes; a longer one closes the socket with 1009. */
  readonly frameBytes: number;
  /** Into so many pieces may a client cut one frame. */
  readonly frameFragments: number;
  /**
   * How many frames of a socket may wait while one of its methods runs, and how many characters they may have together.
   * Methods of a socket never run side by side.
   */
  readonly waiting: { readonly items: number; readonly size: number };
  readonly subscriptionsPerSocket: number;
  /** How many characters its open subscriptions may have taken to ask for, together: they are kept. */
  readonly subscriptionCharacters: number;
  /** How many events a socket may listen to, over all its subscriptions. */
  readonly topicsPerSocket: number;
  /** So much may be unsent before a client counts as too slow and is dropped with 1013. */
  readonly unsentBytes: number;
  /**
   * In intervals of 15 s: when a socket is dropped that has not connected (realtime.md §2.1), and when a silent one that
   * speaks the oldest version of the protocol, which knows no ping.
   */
  readonly intervals: { readonly toConnect: number; readonly unasked: number };
  /** A socket whose token is gone may finish its running method for so long. */
  readonly farewellMs: number;
  /** How many notices of somebody's status go out in one go; what is more is left out, since it is only a display. */
  readonly statusNotices: number;
}

export const limits: Limits = {
  frameBytes: 1024 * 1024,
  frameFragments: 256,
  waiting: { items: 1024, size: 4 * 1024 * 1024 },
  subscriptionsPerSocket: 1000,
  subscriptionCharacters: 256 * 1024,
  topicsPerSocket: 5000,
  unsentBytes: 4 * 1024 * 1024,
  intervals: { toConnect: 3, unasked: 40 },
  farewellMs: 500,
  statusNotices: 100_000,
};
