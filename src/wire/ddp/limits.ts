/** What one client may ask of the realtime door. Tests put smaller numbers in. */
export interface Limits {
  /** The longest frame in bytes; a longer one closes the socket with 1009. */
  readonly frameBytes: number;
  /** The longest frame, in characters, of a socket that is not signed in; a longer one closes it with 1009. */
  readonly frameCharactersBeforeSignIn: number;
  /** Into so many pieces may a client cut one frame. */
  readonly frameFragments: number;
  /** How many frames of a socket may wait while one of its methods runs; methods of a socket never run side by side. */
  readonly waitingFrames: number;
  /** How many characters the waiting frames of a socket may have together. */
  readonly waitingCharacters: number;
  /** The same for a socket that is not signed in. */
  readonly waitingCharactersBeforeSignIn: number;
  /** A protocol error gives back the message that it is about, unless that has more characters. */
  readonly offendingCharacters: number;
  readonly subscriptionsPerSocket: number;
  /** How many characters its open subscriptions may have taken to ask for, together: they are kept. */
  readonly subscriptionCharacters: number;
  /** The same for a socket that is not signed in. */
  readonly subscriptionCharactersBeforeSignIn: number;
  /** How many events a socket may listen to, over all its subscriptions. */
  readonly topicsPerSocket: number;
  /** So much may be unsent before a client counts as too slow and is dropped with 1013. */
  readonly unsentBytes: number;
  /** The same for a socket that is not signed in. */
  readonly unsentBytesBeforeSignIn: number;
  /** After so many intervals of 15 s a socket is dropped that has not connected (realtime.md §2.1). */
  readonly intervalsToConnect: number;
  /**
   * After so many intervals of 15 s a silent socket is dropped that speaks the oldest version of the protocol, which
   * knows no ping.
   */
  readonly intervalsUnasked: number;
  /** A socket whose token is gone may finish its running method for so long. */
  readonly farewellMs: number;
  /** How many notices of somebody's status go out in one go; what is more is left out, since it is only a display. */
  readonly statusNotices: number;
}

export const limits: Limits = {
  frameBytes: 1024 * 1024,
  frameCharactersBeforeSignIn: 64 * 1024,
  frameFragments: 256,
  waitingFrames: 1024,
  waitingCharacters: 4 * 1024 * 1024,
  waitingCharactersBeforeSignIn: 256 * 1024,
  offendingCharacters: 4 * 1024,
  subscriptionsPerSocket: 1000,
  subscriptionCharacters: 256 * 1024,
  subscriptionCharactersBeforeSignIn: 16 * 1024,
  topicsPerSocket: 5000,
  unsentBytes: 4 * 1024 * 1024,
  unsentBytesBeforeSignIn: 256 * 1024,
  intervalsToConnect: 3,
  intervalsUnasked: 40,
  farewellMs: 500,
  statusNotices: 100_000,
};
