import assert from 'node:assert/strict';
import { PassThrough } from 'node:stream';
import { it } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import { logTo } from './log-to.ts';

it('lines of one turn leave together, in order, each with its moment', async () => {
  const stream = new PassThrough();
  const written: string[] = [];
  stream.on('data', (bytes: Buffer) => written.push(bytes.toString('utf8')));
  const log = logTo(stream as unknown as NodeJS.WriteStream, 'info');
  log.info('one');
  log.debug('not asked for');
  log.warn({ event: 'x' }, 'two');
  await turn();
  await turn();
  assert.equal(written.length, 1);
  const lines = (written[0] ?? '').trimEnd().split('\n');
  const told = lines.map((line) => JSON.parse(line) as { msg: string; time: string });
  assert.deepEqual(
    told.map(({ msg }) => msg),
    ['one', 'two'],
  );
  for (const { time } of told) assert.match(time, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/u);
});
