import type { Duplex } from 'node:stream';

/** So long a peer may take to read why it is cut off; whoever keeps its half open is not waited for. */
const farewellMs = 1000;

/** For sockets that Node has handed over: it has taken its own listener off, and a reset would end the process. */
export function survive(socket: Duplex): void {
  socket.on('error', ignore);
}

/** Answers with this text, or these bytes, and ends the connection, whatever its peer does. */
export function refuseSocket(socket: Duplex, text: string | Uint8Array): void {
  survive(socket);
  socket.end(text);
  setTimeout(() => socket.destroy(), farewellMs).unref();
}

function ignore(): void {
  return;
}
