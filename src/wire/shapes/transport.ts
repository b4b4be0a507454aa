/**
 * One connection to a realtime client, whatever carries it. What arrives is told to the `Receiver` that the server
 * gave for it.
 */
export interface Transport {
  /** The client's address after trusted proxies; `''` where there is none. */
  readonly address: string;
  /** At most 512 characters; `''` when the client sent none. */
  readonly userAgent: string;
  /** How many bytes have been sent that the client has not taken yet. */
  readonly unsentBytes: number;
  /** Sends one message. Nothing happens after the end. */
  send(text: string): void;
  /** Ends the connection and says why (realtime.md §3.5). */
  close(code: number, reason: string): void;
  /** Drops the connection without a word. */
  terminate(): void;
}

/** Hears what a transport brings. Neither function throws. */
export interface Receiver {
  /** One whole message arrived. */
  message(text: string): void;
  /** The connection is over, from either side; called once, and nothing is heard after it. */
  closed(): void;
}

/** Where transports take their connections. */
export interface SocketServer {
  /** Whether one more connection of this address may open now; to be asked before anything is answered. */
  hasRoom(address: string): boolean;
  /** Takes a connection; the greeting goes out at once. */
  accept(transport: Transport): Receiver;
}

/** What a transport must know of the request that opened it. */
export interface Origin {
  readonly address: string;
  readonly userAgent: string;
}

/** WebSocket close codes that this server sends (realtime.md §3.5). */
export const closeCode = {
  normal: 1000,
  policy: 1008,
  tooLarge: 1009,
  restart: 1012,
  slowConsumer: 1013,
} as const;
