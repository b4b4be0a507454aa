// Loaded before a server whose memory is measured: it collects garbage when it gets SIGUSR2, so that what is compared
// is what is held, not what has not been collected yet.
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

process.on('SIGUSR2', () => {
  collect();
  collect();
});
