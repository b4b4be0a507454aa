import assert from 'node:assert/strict';
import { it } from 'node:test';
import { makeFile } from './files.ts';

it('a database below /proc is refused in one sentence', { skip: process.platform !== 'linux' }, () => {
  assert.throws(
    () => {
      makeFile('/proc/countersign/data/x.db');
    },
    {
      message:
        'The folder /proc/countersign/data cannot be made or written (ENOENT): give it to the account that runs Countersign.',
    },
  );
});
