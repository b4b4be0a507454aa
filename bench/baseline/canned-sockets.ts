// The least that a resume can be: `ws` answers with the frames that Countersign sent, and looks at nothing.
import { createServer } from 'node:http';
import { WebSocketServer } from 'ws';
import { listen, readInput } from './announce.ts';

const { greeting, connected, login } = await readInput<{
  greeting: readonly string[];
  connected: readonly string[];
  login: readonly string[];
}>();
const server = createServer();
const sockets = new WebSocketServer({ noServer: true, perMessageDeflate: false });

server.on('upgrade', (request, stream, head) => {
  sockets.handleUpgrade(request, stream, head, (socket) => {
    const say = (frames: readonly string[]): void => {
      for (const frame of frames) socket.send(frame);
    };
    socket.on('error', () => undefined);
    socket.on('message', (data: Buffer) => {
      say(data.includes('"msg":"connect"') ? connected : login);
    });
    say(greeting);
  });
});
listen(server);
