import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { inherited } from '../inherited.ts';

const main = fileURLToPath(new URL('../../src/main.ts', import.meta.url));

/** How one run of the program ended, and what it said. */
export interface Ran {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * Runs the program until it ends.
 * @param env the whole environment but PATH
 */
export async function run(
  words: readonly string[],
  env: Readonly<Record<string, string>>,
  options: { readonly cwd: string; readonly input?: string; readonly patienceMs?: number },
): Promise<Ran> {
  return await new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [main, ...words], {
      cwd: options.cwd,
      env: { ...inherited, ...env },
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    const said = { stdout: '', stderr: '' };
    for (const name of ['stdout', 'stderr'] as const) {
      child[name].setEncoding('utf8').on('data', (text: string) => {
        said[name] += text;
      });
    }
    const timer = setTimeout(() => {
      child.kill('SIGKILL');
      reject(new Error(`${words.join(' ')} did not end:\n${said.stdout}\n${said.stderr}`));
    }, options.patienceMs ?? 20_000);
    child.once('error', reject);
    child.once('close', (code) => {
      clearTimeout(timer);
      resolve({ code, ...said });
    });
    child.stdin.end(options.input ?? '');
  });
}
