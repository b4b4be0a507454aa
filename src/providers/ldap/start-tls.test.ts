import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type AddressInfo, connect, createServer } from 'node:net';
import { it } from 'node:test';
import { startTls } from './start-tls.ts';

const yes = '300c02010178070a010004000400';
/** The same with long lengths, as Active Directory writes them, and with the name of the operation behind it. */
const longYes = '30840000002802010178840000001f0a0100040004008a16312e332e362e312e342e312e313436362e3230303337';

/** @returns how the answer was taken, which is sent in these pieces */
async function answered(...pieces: readonly string[]): Promise<string> {
  const server = createServer((socket) => {
    socket.setNoDelay(true);
    socket.once('data', () => {
      let wait = 0;
      for (const piece of pieces) setTimeout(() => socket.write(Buffer.from(piece, 'hex')), (wait += 10));
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const socket = connect((server.address() as AddressInfo).port, '127.0.0.1');
  try {
    await startTls(socket);
    return 'begin';
  } catch (cause) {
    return String(cause);
  } finally {
    socket.destroy();
    server.close();
  }
}

it('begins to encrypt after a yes, in one piece or in many', async () => {
  assert.equal(await answered(yes), 'begin');
  assert.equal(await answered(yes.slice(0, 2), yes.slice(2, 8), yes.slice(8)), 'begin');
  assert.equal(await answered(longYes), 'begin');
});

it('does not begin after a no, after anything else, or with words behind the yes', async () => {
  assert.match(await answered('300c02010178070a010204000400'), /result 2/u);
  const forgedBind = '300c02010261070a010004000400';
  for (const answer of [
    `${yes}${forgedBind}`,
    // The rest of it would be the first encrypted byte.
    `${yes}${forgedBind.slice(0, -2)}`,
    `${yes}00`,
    forgedBind,
    '300c02010278070a010004000400',
    '300a020178070a0100040004',
    '3000',
    '3080',
    '308500000000000c',
    '30847fffffff',
    '48545450',
    '30'.repeat(5000),
  ]) {
    assert.match(await answered(answer), /something else/u, answer.slice(0, 80));
  }
});
