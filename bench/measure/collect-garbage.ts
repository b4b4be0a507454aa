// Loaded before a server whose memory is measured: it collects garbage when it gets SIGUSR2, so that what is compared
// is what is held: not what has not been collected yet, nor the room that young objects once took.
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as (how: { type: 'major'; execution: 'sync'; flavor: 'last-resort' }) => void;

process.on('SIGUSR2', () => {
  collect({ type: 'major', execution: 'sync', flavor: 'last-resort' });
});
