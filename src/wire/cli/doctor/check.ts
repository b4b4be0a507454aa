/** What doctor found about one thing. */
export interface Check {
  /** Stable, for programs that read `--json`. */
  readonly id: string;
  readonly title: string;
  readonly level: 'ok' | 'warn' | 'fail';
  readonly found: string;
  /** What to do; missing where nothing is to be done. */
  readonly advice?: string;
}

/** Makes the checks of one thing. */
export interface Subject {
  ok(found: string): Check;
  warn(found: string, advice: string): Check;
  fail(found: string, advice: string): Check;
}

export function subject(id: string, title: string): Subject {
  return {
    ok: (found) => ({ id, title, level: 'ok', found }),
    warn: (found, advice) => ({ id, title, level: 'warn', found, advice }),
    fail: (found, advice) => ({ id, title, level: 'fail', found, advice }),
  };
}

/** The sentence of an error, whatever was thrown. */
export function reasonOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}
