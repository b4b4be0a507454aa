import assert from 'node:assert/strict';
import { PassThrough } from 'node:stream';
import { describe, it } from 'node:test';
import { openProgress } from './progress.ts';

describe('telling how far an import is', () => {
  const run = async (how: { quiet?: boolean; terminal?: PassThrough }): Promise<string> => {
    let said = '';
    const progress = await openProgress('Bringing everybody in', {
      quiet: how.quiet === true,
      terminal: how.terminal,
      say: (text) => {
        said += text;
      },
    });
    for (let n = 0; n <= 1_000; n += 1) progress.at(n / 1_000, `${n} accounts`);
    progress.end('Read');
    return said;
  };

  it('says a line at each tenth where no terminal is', async () => {
    const lines = (await run({})).trimEnd().split('\n');
    assert.equal(lines.length, 10);
    assert.equal(lines[0], 'Bringing everybody in: 10 %, 100 accounts');
    assert.equal(lines[9], 'Bringing everybody in: 100 %, 1000 accounts');
  });

  it('says nothing when it shall be quiet', async () => {
    const terminal = new PassThrough();
    assert.equal(await run({ quiet: true, terminal }), '');
    assert.equal(terminal.read(), null);
  });

  it('draws a bar on a terminal', async () => {
    const terminal = new PassThrough();
    assert.equal(await run({ terminal }), '');
    const drawn = String(terminal.read());
    assert.match(drawn, /Read/u);
    assert.deepEqual([process.listenerCount('SIGINT'), process.exitCode], [0, undefined]);
  });
});
