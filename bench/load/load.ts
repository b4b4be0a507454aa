import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { loadCore, pin } from '../measure/process.ts';
import type { Jobs } from './jobs.ts';

type Ask<Kind extends keyof Jobs> = Omit<Jobs[Kind]['job'], 'kind'>;

/** A process of its own that makes the load, on the core for load. */
export class Load {
  readonly #child: ChildProcess;

  constructor() {
    this.#child = fork(fileURLToPath(new URL('./worker.ts', import.meta.url)), [], { serialization: 'advanced' });
    pin(this.#child.pid ?? 0, loadCore);
  }

  /** Has one job done; one at a time. */
  async do<Kind extends keyof Jobs>(kind: Kind, ask: Ask<Kind>): Promise<Jobs[Kind]['result']> {
    return await new Promise((resolve, reject) => {
      const ended = (): void => {
        reject(new Error('The process that makes the load ended.'));
      };
      this.#child.once('exit', ended);
      this.#child.once('message', (answer: { result?: Jobs[Kind]['result']; failed?: string }) => {
        this.#child.off('exit', ended);
        if (answer.result === undefined) reject(new Error(`The load failed: ${answer.failed ?? 'no reason'}`));
        else resolve(answer.result);
      });
      this.#child.send({ kind, ...ask });
    });
  }

  stop(): void {
    this.#child.kill('SIGKILL');
  }
}
