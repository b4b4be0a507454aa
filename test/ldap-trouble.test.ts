// A directory that is away, slow, lying, or not the one that was meant (attacks L05, L06; providers.md §4).
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { after, afterEach, before, describe, it } from 'node:test';
import { DirectoryUnreachable, type Search, TooManyEntries } from '../src/core/directory/directory.ts';
import { ldapDirectory } from '../src/providers/ldap/client.ts';
import type { LdapReach } from '../src/providers/ldap/settings.ts';
import { openSlapd, type Slapd, slapdMissing } from './slapd.ts';
import { openTcpProxy, type TcpProxy } from './tcp-proxy.ts';

const missing = slapdMissing();
const alice = 'uid=alice,ou=people,dc=example,dc=test';
const secrets = /alice-pw|svc-secret/u;

function reachAt(port: number, more: Partial<LdapReach> = {}): LdapReach {
  return {
    host: '127.0.0.1',
    port,
    encryption: 'plain',
    ca: '',
    rejectUnauthorized: true,
    service: { dn: 'cn=svc-read,ou=services,dc=example,dc=test', password: 'svc-secret' },
    connectMs: 400,
    answerMs: 400,
    idleMs: 200,
    pageSize: 250,
    ...more,
  };
}

const everybody: Search = {
  base: 'dc=example,dc=test',
  scope: 'sub',
  filter: '(objectClass=inetOrgPerson)',
  attributes: ['uid'],
};

async function count(found: AsyncIterable<unknown>): Promise<number> {
  let entries = 0;
  for await (const _entry of found) entries += 1;
  return entries;
}

/** Every way of asking is refused within the time that is set, and the sentence holds no secret. */
async function mustBeUnreachable(reach: LdapReach, sentence?: RegExp): Promise<void> {
  const directory = ldapDirectory(reach);
  const begun = performance.now();
  for (const act of [
    async () => await directory.test(),
    async () => await directory.bind(alice, 'alice-pw'),
    async () => await count(directory.search(everybody)),
  ]) {
    await assert.rejects(act, (cause: unknown) => {
      assert.ok(cause instanceof DirectoryUnreachable, String(cause));
      assert.doesNotMatch(cause.message, secrets);
      if (sentence !== undefined) assert.match(cause.message, sentence);
      return true;
    });
  }
  assert.ok(performance.now() - begun < 10_000, 'bounded');
  await directory.close();
}

async function until(holds: () => boolean): Promise<void> {
  const end = Date.now() + 10_000;
  while (!holds()) {
    assert.ok(Date.now() < end, 'it never came');
    await new Promise((resolve) => {
      setTimeout(resolve, 20);
    });
  }
}

describe('a directory that cannot be reached', () => {
  const ends: (() => Promise<void>)[] = [];
  afterEach(async () => {
    for (const end of ends.splice(0)) await end();
  });

  /** A server that does something of its own with each connection. @returns its port, and what it has heard */
  async function listen(act: (socket: Socket, asked: Buffer) => void): Promise<{ port: number; heard: () => string }> {
    const heard: Buffer[] = [];
    const sockets = new Set<Socket>();
    const server = createServer((socket) => {
      sockets.add(socket);
      socket.on('error', () => undefined);
      socket.on('data', (piece: Buffer) => {
        heard.push(piece);
        act(socket, piece);
      });
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    ends.push(async () => {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    });
    return {
      port: (server.address() as AddressInfo).port,
      heard: () => Buffer.concat(heard).toString('latin1'),
    };
  }

  it('is told apart: no name, a closed port, a port that takes connections and says nothing', async () => {
    await mustBeUnreachable(reachAt(389, { host: '' }), /LDAP_Host/u);
    await mustBeUnreachable(reachAt(1), /ECONNREFUSED/u);
    const silent = await openTcpProxy(0);
    silent.mode = 'silence';
    for (const encryption of ['plain', 'tls', 'ssl'] as const) {
      await mustBeUnreachable(reachAt(silent.port, { encryption }));
    }
    await until(() => silent.open() === 0);
    await silent.close();
  });

  it('is not waited for because it drips', async () => {
    const { port } = await listen((socket) => {
      const drip = setInterval(() => {
        socket.write(Buffer.from('30', 'hex'));
      }, 50);
      socket.on('close', () => {
        clearInterval(drip);
      });
    });
    for (const encryption of ['plain', 'tls', 'ssl'] as const) await mustBeUnreachable(reachAt(port, { encryption }));
  });

  it('hears no password unless the connection is encrypted as asked', async () => {
    const startTls = (result: string): Buffer => Buffer.from(`300c02010178070a01${result}04000400`, 'hex');
    const forgedBind = Buffer.from('300c02010261070a010004000400', 'hex');
    const answers: readonly Buffer[] = [
      startTls('02'),
      startTls('35'),
      // Words behind the yes, in clear: what would answer the bind later (a whole one, and the beginning of one).
      Buffer.concat([startTls('00'), forgedBind]),
      Buffer.concat([startTls('00'), forgedBind.subarray(0, -1)]),
      // Answers to something else, and no answers.
      forgedBind,
      Buffer.from('3000', 'hex'),
      Buffer.from('30840000000002010178', 'hex'),
      Buffer.from('3080', 'hex'),
      Buffer.from('30ffffffffff', 'hex'),
      Buffer.from('300c02000178070a010004000400', 'hex'),
      Buffer.from('HTTP/1.1 400 Bad Request\r\n\r\n'),
      Buffer.alloc(10_000, 0x30),
    ];
    for (const answer of answers) {
      const { port, heard } = await listen((socket) => {
        socket.write(answer);
      });
      await mustBeUnreachable(reachAt(port, { encryption: 'tls' }));
      assert.doesNotMatch(heard(), secrets, answer.toString('hex'));
    }
    // Yes, and then the line is cut: nobody comes back in clear.
    const { port, heard } = await listen((socket) => {
      socket.write(startTls('00'));
      setTimeout(() => socket.destroy(), 20);
    });
    await mustBeUnreachable(reachAt(port, { encryption: 'tls' }));
    assert.doesNotMatch(heard(), secrets);
  });

  it('does not fill the memory', async () => {
    const { port } = await listen((socket, asked) => {
      // A yes to the bind of the service account, and an entry without an end to the search.
      if (asked.includes(Buffer.from('svc-secret'))) {
        socket.write(Buffer.from('300c02010261070a010004000400', 'hex'));
        return;
      }
      socket.write(Buffer.from('30847fffffff', 'hex'));
      const piece = Buffer.alloc(1_048_576);
      const more = (): void => {
        if (!socket.destroyed) socket.write(piece, () => setImmediate(more));
      };
      more();
    });
    const directory = ldapDirectory(reachAt(port, { answerMs: 60_000 }));
    await assert.rejects(async () => await count(directory.search(everybody)), DirectoryUnreachable);
    await directory.close();
  });
});

describe('a real directory in trouble', { skip: missing ?? false }, () => {
  let slapd: Slapd;
  let elsewhere: Slapd;
  let expired: Slapd;
  let road: TcpProxy;
  before(async () => {
    [slapd, elsewhere, expired] = await Promise.all([
      openSlapd(),
      openSlapd({ certificate: 'name' }),
      openSlapd({ certificate: 'expired' }),
    ]);
    road = await openTcpProxy(slapd.port);
  });
  after(async () => {
    await road.close();
    await Promise.all([slapd.stop(), elsewhere.stop(), expired.stop()]);
  });
  afterEach(async () => {
    road.mode = 'lead';
    road.cut();
    await until(() => road.open() === 0);
  });

  it('is not trusted with a certificate of an unknown authority, for another name, or of the past', async () => {
    const wrong = [
      { slapd, ca: '', sentence: /SELF_SIGNED_CERT_IN_CHAIN|UNABLE_TO/u },
      { slapd, ca: expired.ca, sentence: /certificate/u },
      { slapd, ca: 'no certificate at all', sentence: /LDAP_CA_Cert/u },
      { slapd: elsewhere, ca: elsewhere.ca, sentence: /ALTNAME/u },
      { slapd: expired, ca: expired.ca, sentence: /CERT_HAS_EXPIRED/u },
    ];
    for (const { slapd: server, ca, sentence } of wrong) {
      for (const encryption of ['tls', 'ssl'] as const) {
        const listener = await openTcpProxy(encryption === 'tls' ? server.port : server.tlsPort);
        const reach = reachAt(listener.port, { encryption, ca, connectMs: 5000 });
        await mustBeUnreachable(reach, sentence);
        assert.doesNotMatch(listener.heard(), secrets);
        const careless = ldapDirectory({ ...reach, ca: '', rejectUnauthorized: false });
        assert.deepEqual(await careless.bind(alice, 'alice-pw'), { held: true }, 'as the operator wants it');
        assert.doesNotMatch(listener.heard(), secrets, 'it is encrypted all the same');
        await careless.close();
        await listener.close();
      }
    }
  });

  it('is not asked on when it points elsewhere', async () => {
    const other = await openTcpProxy(0);
    const target = `ldap://127.0.0.1:${String(other.port)}/ou=x,dc=example,dc=test`;
    await slapd.apply(
      `dn: ou=x,dc=example,dc=test\nobjectClass: referral\nobjectClass: extensibleObject\nou: x\nref: ${target}\n`,
    );
    const directory = ldapDirectory(reachAt(slapd.port));
    assert.equal(await count(directory.search({ ...everybody, filter: '(uid=alice)' })), 1);
    const below = { ...everybody, base: 'ou=x,dc=example,dc=test' };
    await assert.rejects(async () => await count(directory.search(below)), /refers to another/u);
    assert.equal(other.total(), 0);
    await directory.close();
    await other.close();
  });

  it('gives ten thousand entries in pages, and no more than asked for', async () => {
    const entries = Array.from(
      { length: 10_000 },
      (_value, at) =>
        `dn: cn=n${String(at)},ou=groups,dc=example,dc=test\nobjectClass: organizationalRole\ncn: n${String(at)}\n\n`,
    );
    await slapd.apply(entries.join(''));
    const roles: Search = { ...everybody, filter: '(objectClass=organizationalRole)', attributes: ['cn'] };
    const directory = ldapDirectory(reachAt(slapd.port, { answerMs: 10_000 }));
    assert.equal(await count(directory.search(roles)), 10_001);
    await assert.rejects(async () => await count(directory.search({ ...roles, most: 1 })), TooManyEntries);
    await assert.rejects(async () => await count(directory.search({ ...roles, most: 300 })), TooManyEntries);
    // Whoever stops early leaves nothing behind that others could stumble over.
    for await (const _entry of directory.search(roles)) break;
    assert.equal(await count(directory.search({ ...everybody, filter: '(uid=alice)', most: 1 })), 1);
    await directory.close();
  });

  it('is asked over few connections, which are all given back', async () => {
    const directory = ldapDirectory(reachAt(road.port, { connectMs: 5000, answerMs: 10_000 }));
    const former = road.total();
    let most = 0;
    const watch = setInterval(() => {
      most = Math.max(most, road.open());
    }, 1);
    const one = async (): Promise<void> => {
      await count(directory.search({ ...everybody, filter: '(uid=alice)', most: 1 }));
      assert.deepEqual(await directory.bind(alice, 'alice-pw'), { held: true });
      assert.deepEqual(await directory.bind(alice, 'no'), { held: false, because: 'wrong' });
    };
    await Promise.all(Array.from({ length: 100 }, one));
    clearInterval(watch);
    // 8 and 16, and those that are just being closed.
    assert.ok(most <= 48, `${String(most)} at once`);
    assert.ok(road.total() - former <= 200 + 8, 'searches share theirs, passwords never do');
    await until(() => road.open() === 0);
    // Cut in the middle, again and again: nothing is lost but the answers.
    for (let round = 0; round < 5; round += 1) {
      const asked = Promise.allSettled(Array.from({ length: 20 }, one));
      setTimeout(road.cut, 5);
      await asked;
    }
    await one();
    await until(() => road.open() === 0);
    await directory.close();
  });

  it('is asked again over a fresh connection when an old one has died', async () => {
    const directory = ldapDirectory(reachAt(road.port, { connectMs: 5000, answerMs: 5000, idleMs: 60_000 }));
    const search = { ...everybody, filter: '(uid=alice)', most: 1 };
    assert.equal(await count(directory.search(search)), 1);
    road.cut();
    assert.equal(await count(directory.search(search)), 1);
    await directory.close();
    await until(() => road.open() === 0);
    await assert.rejects(async () => await count(directory.search(search)), DirectoryUnreachable);
  });

  it('keeps the connection of a search that was left early, or found too many', async () => {
    const directory = ldapDirectory(
      reachAt(road.port, { connectMs: 5000, answerMs: 5000, idleMs: 60_000, pageSize: 2 }),
    );
    await directory.test();
    const opened = road.total();
    for (let round = 0; round < 5; round += 1) {
      for await (const entry of directory.search(everybody)) {
        assert.ok(entry.dn !== '');
        break;
      }
      await assert.rejects(async () => await count(directory.search({ ...everybody, most: 1 })), TooManyEntries);
    }
    assert.ok((await count(directory.search(everybody))) > 2, 'and it still answers in full');
    assert.equal(road.total() - opened, 1);
    await directory.close();
    await until(() => road.open() === 0);
  });

  it('does not keep people waiting for each other beyond the time that is set', async () => {
    road.mode = 'silence';
    const directory = ldapDirectory(reachAt(road.port, { answerMs: 300 }));
    const begun = performance.now();
    const outcomes = await Promise.allSettled(
      Array.from({ length: 400 }, async () => await count(directory.search(everybody))),
    );
    assert.ok(outcomes.every(({ status }) => status === 'rejected'));
    assert.ok(performance.now() - begun < 5_000);
    await until(() => road.open() === 0);
    await directory.close();
  });

  it('says no to filters that cannot be read, and to none', async () => {
    const directory = ldapDirectory(reachAt(slapd.port));
    for (const filter of ['(uid=', '', 'uid', '(uid=alice))']) {
      await assert.rejects(async () => await count(directory.search({ ...everybody, filter })), /filter/u, filter);
    }
    await directory.close();
  });

  it('is not asked about passwords that are none, though it would say yes', async () => {
    const yesSayer = await openSlapd({ allowEmpty: true });
    const listener = await openTcpProxy(yesSayer.port);
    const directory = ldapDirectory(reachAt(listener.port));
    after(async () => {
      await directory.close();
      await listener.close();
      await yesSayer.stop();
    });
    for (const given of ['', ' ', '\t\n', '\u00A0', '\u0000', '\u0000alice-pw', 'alice-pw\u0000']) {
      assert.deepEqual(await directory.bind(alice, given), { held: false, because: 'wrong' }, JSON.stringify(given));
    }
    for (const dn of ['', ' ']) assert.equal((await directory.bind(dn, 'alice-pw')).held, false);
    assert.equal(listener.total(), 0);
    assert.deepEqual(await directory.bind(alice, 'alice-pw'), { held: true });
  });

  it('takes no service account without its password', async () => {
    for (const password of ['', ' ', 'wrong']) {
      const service = { dn: 'cn=svc-read,ou=services,dc=example,dc=test', password };
      const directory = ldapDirectory(reachAt(slapd.port, { service }));
      await assert.rejects(async () => await directory.test(), /service account/u);
      await directory.close();
    }
  });
});
