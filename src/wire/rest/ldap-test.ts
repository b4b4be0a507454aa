import type { App } from '../../app.ts';
import type { Examining, Step } from '../../core/directory/examine.ts';
import { failure, Refusal } from './refusal.ts';

/**
 * Goes through a sign-in as far as the search.
 * @returns the last step
 * @throws Refusal as providers.md §4.4 has it; what failed stands beside the code, and no secret is among it
 */
export async function examined(app: App, asked: Examining): Promise<Step> {
  let last: Step = { step: 'switch', held: false };
  for await (const step of app.directory.examine(asked)) {
    last = step;
    if (step.step === 'search') break;
  }
  if (last.step === 'switch') throw failure('LDAP_disabled');
  if (!last.held && 'because' in last && last.because !== undefined) {
    throw new Refusal({ status: 400, body: { success: false, error: 'Connection_failed', details: last.because } });
  }
  return last;
}
