import assert from 'node:assert/strict';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo, LookupFunction } from 'node:net';
import { describe, it } from 'node:test';
import { isPublicAddress, mayBeAsked, OutboundError, outboundOver } from './outbound.ts';

async function serving(listener: RequestListener, act: (url: string) => Promise<void>): Promise<void> {
  const server = createServer(listener);
  await new Promise<void>((done) => {
    server.listen(0, '127.0.0.1', done);
  });
  try {
    await act(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

const outbound = outboundOver();

describe('a request to another server', () => {
  it('sends a form and gives back status, headers and text', async () => {
    await serving(
      (request, response) => {
        let body = '';
        request.on('data', (chunk: Buffer) => (body += chunk.toString()));
        request.on('end', () => {
          response.writeHead(201, { 'X-Seen': `${request.method} ${request.headers['content-type']}` }).end(body);
        });
      },
      async (url) => {
        const answer = await outbound({ url, method: 'POST', body: { a: 'b&c' }, chosenBy: 'operator' });
        assert.equal(answer.status, 201);
        assert.equal(answer.headers['x-seen'], 'POST application/x-www-form-urlencoded');
        assert.equal(answer.text, 'a=b%26c');
      },
    );
  });

  it('follows no redirect', async () => {
    await serving(
      (_request, response) => {
        response.writeHead(302, { Location: 'http://169.254.169.254/' }).end();
      },
      async (url) => {
        assert.equal((await outbound({ url, chosenBy: 'operator' })).status, 302);
      },
    );
  });

  it('gives up after its time, also while the body trickles', async () => {
    await serving(
      (_request, response) => {
        response.write('x');
      },
      async (url) => {
        await assert.rejects(outbound({ url, chosenBy: 'operator', timeoutMs: 200 }), OutboundError);
      },
    );
  });

  it('reads no more than it may, and nothing compressed', async () => {
    await serving(
      (request, response) => {
        if (request.url === '/gzip') response.writeHead(200, { 'Content-Encoding': 'gzip' });
        response.end('x'.repeat(5_000));
      },
      async (url) => {
        const mostBytes = 4_999;
        await assert.rejects(outbound({ url, chosenBy: 'operator', mostBytes }), /larger than it may be/u);
        await assert.rejects(outbound({ url: `${url}/gzip`, chosenBy: 'operator' }), /compressed/u);
      },
    );
  });

  it('never goes where a stranger points into an inner network, by number or by name', async () => {
    await serving(
      (_request, response) => {
        response.end('inner');
      },
      async (url) => {
        await assert.rejects(outbound({ url, chosenBy: 'other' }), /inner network/u);
        const lookup: LookupFunction = (_hostname, options, callback) => {
          if (options.all === true) callback(null, [{ address: '127.0.0.1', family: 4 }]);
          else callback(null, '127.0.0.1', 4);
        };
        const named = { url: url.replace('127.0.0.1', 'evil.example') };
        await assert.rejects(outboundOver({ lookup })({ ...named, chosenBy: 'other' }), /inner network/u);
        assert.equal((await outboundOver({ lookup })({ ...named, chosenBy: 'operator' })).text, 'inner');
      },
    );
  });

  it('never goes where a machine learns its own credentials, whoever points there', async () => {
    const lookup: LookupFunction = (_hostname, _options, callback) => {
      callback(null, [{ address: '169.254.169.254', family: 4 }]);
    };
    for (const url of ['http://169.254.169.254/latest/', 'http://[::ffff:a9fe:a9fe]/', 'http://metadata.example/']) {
      const asked = outboundOver({ lookup })({ url, chosenBy: 'operator', timeoutMs: 1_000 });
      await assert.rejects(asked, /inner network/u, url);
    }
    const barred = ['fe80::1', 'fe80::1%eth0', 'fd00:ec2::254', '64:ff9b::a9fe:a9fe', '100.100.100.200', 'localhost'];
    for (const address of barred) assert.equal(mayBeAsked(address, 'operator').held, false, address);
    for (const address of ['127.0.0.1', '10.1.2.3', '192.168.1.1', '::1', 'fd00::1', '100.100.100.201', '1.1.1.1']) {
      assert.equal(mayBeAsked(address, 'operator').held, true, address);
    }
  });

  it('speaks no other protocol', async () => {
    for (const url of ['file:///etc/passwd', 'ftp://example.org/', 'nonsense']) {
      await assert.rejects(outbound({ url, chosenBy: 'operator' }), OutboundError);
    }
  });
});

describe('a public address', () => {
  for (const [address, held] of [
    ['1.1.1.1', true],
    ['2606:4700::1111', true],
    ['10.1.2.3', false],
    ['127.0.0.1', false],
    ['169.254.169.254', false],
    ['172.31.255.255', false],
    ['172.32.0.1', true],
    ['192.168.1.1', false],
    ['100.64.0.1', false],
    ['0.0.0.0', false],
    ['::1', false],
    ['::ffff:127.0.0.1', false],
    ['fe80::1', false],
    ['fd00::1', false],
    ['2002:7f00:1::', false],
    ['64:ff9b::7f00:1', false],
    ['localhost', false],
  ] as const) {
    it(`${address}: ${held}`, () => {
      assert.equal(isPublicAddress(address).held, held);
    });
  }
});
