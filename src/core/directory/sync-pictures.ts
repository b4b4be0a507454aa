import { Fault } from '../fault.ts';
import { DirectoryUnreachable } from './directory.ts';
import { entryWith, takePicture } from './picture.ts';
import type { Run } from './sync-run.ts';

/** So many pictures are in memory at once, each as long as an entry may be. */
const atOnce = 4;

/**
 * Looks at the pictures of those whom the run has just seen. Each is asked for by itself: a page of people with their
 * pictures would be as long as nobody knows. One that cannot be taken is reported, and ends nothing.
 */
export async function takePictures(run: Run): Promise<void> {
  const due = run.pictures.splice(0);
  for (let start = 0; start < due.length; start += atOnce) {
    await Promise.all(
      due.slice(start, start + atOnce).map(async (one) => {
        await takeOne(run, one);
      }),
    );
  }
}

async function takeOne(run: Run, { dn, account }: Run['pictures'][number]): Promise<void> {
  const { needs, policy, tally, options } = run;
  if (policy.pictures === undefined) return;
  try {
    const entry = await entryWith(needs.directory, dn, policy.pictures.attributes);
    if (entry === undefined) return;
    const now = await takePicture(needs, policy.pictures, entry, account, options);
    if (now.avatarTag !== account.avatarTag) tally.pictures += 1;
  } catch (cause) {
    const isOwn = cause instanceof Fault && cause.code !== 'unavailable' && cause.code !== 'busy';
    // Where the directory is gone the next page tells.
    if (!isOwn && !(cause instanceof DirectoryUnreachable)) throw cause;
    tally.skip(dn, isOwn ? cause.code : 'picture-unreadable');
  }
}
