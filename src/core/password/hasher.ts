import type { Lane } from './hash-queue.ts';

/** Makes and checks stored passwords, off the event loop and in a bounded queue. */
export interface Hasher {
  /** The stored form of a digest, by today's method. */
  make(digest: string): Promise<string>;
  /**
   * @param stored a stored form of any method ever used (argon2id, bcrypt `$2a$`, `$2b$`, `$2y$`)
   * @param lane who waits longer when there is too much to do
   * @throws Fault `busy` when the queue is full
   */
  check(digest: string, stored: string, lane?: Lane): Promise<{ readonly held: boolean }>;
  /** Whether a stored form is of today's method and cost; if not, the next log-in replaces it. */
  isCurrent(stored: string): { readonly held: boolean };
  /** How much is waiting and running, for metrics and for refusing early. */
  load(): { readonly waiting: number; readonly running: number; readonly most: number };
}
