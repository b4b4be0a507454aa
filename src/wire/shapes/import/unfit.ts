import type { Finding } from '../../../core/administration/newcomer.ts';

/** Stops the reading: the account cannot come in as it is. */
export class Unfit extends Error {
  readonly finding: Finding;

  constructor(reason: string, part: string) {
    super(reason);
    this.finding = { level: 'skipped', reason, part };
  }
}
