import { recordOf } from '../audit/record.ts';
import { directoryProvider } from './entry-identity.ts';
import type { Run } from './sync-run.ts';
import type { Leaver, Leaving } from './sync-store.ts';

/** So many are read at once; each is closed in a step of its own, so that others never wait for long. */
const atMost = 100;

/**
 * Closes the accounts of people who are gone, disabled or locked: all of them, or none where they are too many. Closing
 * ends every token in the same step. Called only after the directory has shown everybody whom it was asked for.
 * @param full whether it was asked for everybody
 * @param goOn renews what the run holds; throws where it must end
 */
export async function closeLeavers(run: Run, full: boolean, goOn: () => Promise<void>): Promise<void> {
  const { needs, policy, tally, at, begunAt } = run;
  const leaving: Leaving = {
    provider: directoryProvider,
    at,
    begunAt,
    missing: full && policy.closesMissing && tally.seen > 0,
    // People whom the filter leaves out are marked like those who are shut.
    shut: policy.closesShut || policy.closesMissing,
  };
  if (full && policy.closesMissing && tally.seen === 0) {
    tally.stopped = 'The directory showed nobody at all, so nobody counts as gone.';
  }
  if (!leaving.missing && !leaving.shut) return;
  const counts = await needs.sync.tally(leaving);
  if (!mayClose(run, counts).held) {
    await eachLeaver(run, leaving, goOn, async ({ username, accountId }) => {
      tally.closing(username ?? accountId);
      await Promise.resolve();
    });
    return;
  }
  await eachLeaver(run, leaving, goOn, async (leaver) => {
    await close(run, leaver);
  });
}

/** Tells whom a run would close that marks nobody. */
export async function nameLeavers(run: Run, full: boolean): Promise<void> {
  const { needs, policy, tally, marks } = run;
  let [open, leaving, after] = [0, 0, ''];
  for (;;) {
    const page = await needs.sync.openAccounts(directoryProvider, after, atMost);
    for (const { accountId, username } of page) {
      open += 1;
      if (marks === undefined || marks.alive.has(accountId)) continue;
      const goes = marks.shut.has(accountId) || (full && policy.closesMissing && tally.seen > 0);
      if (!goes) continue;
      leaving += 1;
      tally.closing(username ?? accountId);
    }
    const last = page.at(-1);
    if (last === undefined || page.length < atMost) break;
    after = last.subject;
  }
  if (mayClose(run, { open, leaving }).held) tally.closed = leaving;
}

/** Whether so many may go; the report says why not. */
function mayClose(
  { policy, tally, options }: Run,
  { open, leaving }: { readonly open: number; readonly leaving: number },
): { readonly held: boolean } {
  const most = Math.max(
    policy.mostClosed,
    options.allowClosing ?? 0,
    Math.floor((open * policy.mostClosedPercent) / 100),
  );
  if (leaving <= most) return { held: true };
  tally.stopped = `${leaving} of ${open} open accounts of the directory would be closed, and no more than ${most} may be in one run; nothing was closed.`;
  return { held: false };
}

async function eachLeaver(
  { needs }: Run,
  leaving: Leaving,
  goOn: () => Promise<void>,
  act: (leaver: Leaver) => Promise<void>,
): Promise<void> {
  for (let after = ''; ; ) {
    await goOn();
    const page = await needs.sync.leavers(leaving, after, atMost);
    for (const leaver of page) await act(leaver);
    const last = page.at(-1);
    if (last === undefined || page.length < atMost) return;
    after = last.subject;
  }
}

async function close({ needs, options, tally }: Run, { accountId, username, because }: Leaver): Promise<void> {
  const at = needs.clock.now();
  const who = { at, caller: options.caller, actorId: options.actorId, accountId };
  const audit = recordOf('account.close', who, { because: 'directory', state: because });
  const outcome = await needs.accounts.setOpen(accountId, false, at, audit, 'directory');
  if (outcome === 'done') {
    tally.closed += 1;
    tally.closing(username ?? accountId);
  } else if (outcome === 'last-administrator') {
    tally.skip(username ?? accountId, 'last-administrator');
  }
}
