import type { Writable } from 'node:stream';

/** Tells somebody who waits how far it is. */
export interface Progress {
  /** @param share from 0 to 1 */
  at(share: number, text: string): void;
  end(text: string): void;
}

const silent: Progress = { at: () => undefined, end: () => undefined };

/**
 * A bar on a terminal; elsewhere a line at each tenth.
 * @param terminal where the bar is drawn; undefined where nobody watches
 */
export async function openProgress(
  title: string,
  how: { readonly quiet: boolean; readonly terminal: Writable | undefined; readonly say: (text: string) => void },
): Promise<Progress> {
  const { quiet, terminal, say } = how;
  if (quiet) return silent;
  if (terminal === undefined) return inLines(title, say);
  const { progress } = await import('@clack/prompts');
  // The package takes Ctrl-C for itself while it draws: without this the import would go on, or end with exit code 0.
  const leave = (): void => {
    process.exitCode = interrupted;
  };
  const bar = progress({ max: 100, size: 40, output: terminal, onCancel: () => process.exit(interrupted) });
  process.once('exit', leave);
  bar.start(title);
  let shown = 0;
  return {
    at: (share, text) => {
      const percent = Math.min(100, Math.floor(share * 100));
      if (percent === shown) return;
      bar.advance(percent - shown, text);
      shown = percent;
    },
    end: (text) => {
      process.removeListener('exit', leave);
      bar.stop(text);
    },
  };
}

/** As shells have it for a program that SIGINT ended. */
const interrupted = 130;

function inLines(title: string, say: (text: string) => void): Progress {
  let tenths = 0;
  return {
    at: (share, text) => {
      const reached = Math.floor(share * 10);
      if (reached <= tenths) return;
      tenths = reached;
      say(`${title}: ${Math.min(100, reached * 10)} %, ${text}\n`);
    },
    end: () => undefined,
  };
}
