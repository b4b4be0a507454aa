import assert from 'node:assert/strict';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { describe, it } from 'node:test';
import { takesMail } from './mail-domains.ts';

/** A name server that knows what it is told: the exchange of each domain, or an answer code. */
async function nameServer(exchanges: Readonly<Record<string, string | number>>) {
  const socket = createSocket('udp4');
  socket.on('message', (query, peer) => {
    const labels: string[] = [];
    let at = 12;
    for (let length = query[at] ?? 0; length > 0; length = query[at] ?? 0) {
      labels.push(query.toString('latin1', at + 1, at + 1 + length));
      at += 1 + length;
    }
    const question = query.subarray(12, at + 5);
    const known = exchanges[labels.join('.')];
    if (known === undefined) return;
    const code = typeof known === 'number' ? known : 0;
    const name = typeof known === 'string' ? wireName(known) : undefined;
    const head = Buffer.from([0, 0, 0x81, 0x80 | code, 0, 1, 0, name === undefined ? 0 : 1, 0, 0, 0, 0]);
    query.copy(head, 0, 0, 2);
    const answer =
      name === undefined
        ? Buffer.alloc(0)
        : Buffer.concat([Buffer.from([0xc0, 12, 0, 15, 0, 1, 0, 0, 0, 60, 0, name.length + 2, 0, 10]), name]);
    socket.send(Buffer.concat([head, question, answer]), peer.port, peer.address);
  });
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  return { address: `127.0.0.1:${socket.address().port}`, close: () => socket.close() };
}

function wireName(name: string): Buffer {
  const labels = name.split('.').filter((label) => label !== '');
  return Buffer.concat([
    ...labels.map((label) => Buffer.concat([Buffer.from([label.length]), Buffer.from(label)])),
    Buffer.from([0]),
  ]);
}

describe('a domain', () => {
  it('takes mail where the DNS names a server for it, and nowhere else, silence included', async () => {
    const server = await nameServer({
      'example.org': 'mail.example.org',
      'null.example.org': '.',
      'gone.example.org': 3,
      'broken.example.org': 2,
    });
    try {
      const asked = async (domain: string) => (await takesMail(domain, [server.address], 200)).held;
      assert.equal(await asked('example.org'), true);
      for (const domain of ['null.example.org', 'gone.example.org', 'broken.example.org', 'silent.example.org']) {
        assert.equal(await asked(domain), false, domain);
      }
      assert.equal(await asked('x'.repeat(300)), false);
    } finally {
      server.close();
    }
  });
});
