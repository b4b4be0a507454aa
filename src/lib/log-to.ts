import { type Level, type Logger, pino } from 'pino';

/**
 * A log of JSON lines. Not through pino's own writer: when the reader of a pipe is gone it waits for it for ever, and
 * the server could not be stopped any more. Lines of one turn of the event loop leave together, since each write costs
 * as much as making a few lines.
 */
export function logTo(stream: NodeJS.WriteStream, level: Level | 'silent'): Logger {
  let waiting = '';
  const flush = (): void => {
    const lines = waiting;
    waiting = '';
    if (lines !== '') stream.write(lines);
  };
  stream.on('error', () => undefined);
  process.once('exit', flush);
  return pino(
    { level, base: null, timestamp: timestamps() },
    {
      write: (line) => {
        if (waiting === '') setImmediate(flush);
        waiting += line;
      },
    },
  );
}

/** Makes the text of a moment once for all lines of one millisecond. */
function timestamps(): () => string {
  let last = 0;
  let text = '';
  return () => {
    const now = Date.now();
    if (now !== last) {
      last = now;
      text = `,"time":"${new Date(now).toISOString()}"`;
    }
    return text;
  };
}
