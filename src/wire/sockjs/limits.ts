/** What a client may ask of this door; the rest is limited where the messages go. */
export const limits = {
  /** The longest body of `xhr_send`, and the longest WebSocket frame, in bytes. */
  messageBytes: 1024 * 1024,
  /** Into so many pieces may a client cut one WebSocket frame. */
  frameFragments: 256,
  /** The longest session id that is taken, in characters. */
  sessionIdCharacters: 128,
  /** So much a streaming answer carries before the client must ask anew. */
  streamBytes: 128 * 1024,
  /** A heartbeat goes out so often. */
  heartbeatMs: 45_000,
  /** A WebSocket that has not answered a heartbeat for so long is dropped. */
  pongMs: 10_000,
  /** A polling session that nobody polls is dropped after so long. */
  silenceMs: 60_000,
  /** So long it is remembered why a polling session ended. */
  afterlifeMs: 5000,
  /** How often these times are looked at. */
  tickMs: 1000,
} as const;
