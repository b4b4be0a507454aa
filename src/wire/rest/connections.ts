import type { Server } from 'node:http';
import type { Duplex } from 'node:stream';

/** Answers what Node's parser cannot read, or does not hand on, in the envelope of the JSON API. */
export function refuseBrokenRequests(server: Server): void {
  // Fastify's own answer has a shape of its own.
  server.removeAllListeners('clientError');
  server.on('clientError', (cause: NodeJS.ErrnoException, socket: Duplex) => {
    if (cause.code === 'ECONNRESET' || !socket.writable) {
      socket.destroy();
      return;
    }
    if (cause.code === 'HPE_HEADER_OVERFLOW') end(socket, '431 Request Header Fields Too Large');
    else if (cause.code === 'ERR_HTTP_REQUEST_TIMEOUT') end(socket, '408 Request Timeout');
    else end(socket, '400 Bad Request');
  });
  server.on('connect', (_request, socket) => {
    end(socket, '405 Method Not Allowed', 'Allow: GET, HEAD, POST\r\n');
  });
}

function end(socket: Duplex, status: string, headers = ''): void {
  const body = JSON.stringify({ success: false, error: status.slice(4) });
  socket.end(
    `HTTP/1.1 ${status}\r\n${headers}Content-Type: application/json\r\nContent-Length: ${body.length}\r\nCache-Control: no-store\r\nConnection: close\r\n\r\n${body}`,
  );
}
