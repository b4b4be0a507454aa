import { headOf, headText } from '../../../core/audit/chain.ts';
import type { Breach, Verified } from '../../../core/audit/verify-trail.ts';
import { type Command, UsageError } from '../command.ts';

export const auditVerify: Command = {
  words: 'audit verify',
  summary: 'Check that nobody has changed, deleted, added or moved an entry of the audit trail.',
  about:
    'Entries are chained by seals that need the key of the server, so whoever has the database alone can make none. Exit code 1 when the trail does not hold. It prints the head; keep it elsewhere, and give it to a later check: only so can a trail be told from an older copy of itself. The server writes the head to its log every hour and when it stops.',
  options: [{ flags: '--head <position:seal>', about: 'a head that was printed or logged earlier' }],
  example: 'countersign audit verify --head 1042:4N2vQm9yQfX0QxkUQXc0f1o6H2mJ0bqg1kq6mYh3l0c=',
  async run(given, desk) {
    const text = given.text('head');
    const kept = text === undefined ? undefined : headOf(text);
    if (text !== undefined && kept === undefined) {
      throw new UsageError('--head must be what audit verify or the log has told: <position>:<seal>.');
    }
    return await desk.withApp(async (app) => {
      const verified = await app.audit.verify(kept);
      if (!verified.held) {
        const { kind } = verified.breach;
        const position = 'position' in verified.breach ? verified.breach.position : null;
        const sentence = `The audit trail does not hold: ${sentenceOf(verified.breach)}`;
        return { document: { held: false, breach: kind, position, sentence }, text: sentence, code: 1 };
      }
      const { entries, first, head, unsealed, compared } = verified;
      const accounts = head === undefined ? await app.host.countAccounts() : 0;
      if (accounts > 0) {
        const sentence = `The audit trail holds no entry, and there are ${accounts} accounts: it was emptied.`;
        return { document: { held: false, breach: 'emptied', position: null, sentence }, text: sentence, code: 1 };
      }
      const present = head === undefined ? undefined : headText(head);
      return {
        document: {
          held: true,
          entries,
          first,
          head: present ?? null,
          unsealed,
          compared: kept === undefined ? null : compared,
        },
        text: soundText(verified),
        note: notesOn(verified, kept !== undefined),
      };
    });
  },
};

type Sound = Extract<Verified, { held: true }>;

function soundText({ entries, first, head }: Sound): string {
  if (head === undefined) return 'The audit trail holds no entry yet.';
  const last = head.position;
  const which = entries === 0 ? `All entries up to ${last} were pruned.` : `Entries ${first} to ${last} hold.`;
  return `${which}\nHead: ${headText(head)}`;
}

function notesOn({ unsealed, compared }: Sound, asked: boolean): string {
  return [
    asked && compared ? 'The given head is in it.' : undefined,
    compared ? undefined : 'The given head is of an entry that was pruned since: it could not be compared.',
    unsealed === 0 ? undefined : `${unsealed} older entries could not be sealed: see the log of the server.`,
    asked ? undefined : 'Compare it with an earlier head (--head) to see that the end was not cut off.',
  ]
    .filter((sentence) => sentence !== undefined)
    .join(' ');
}

function sentenceOf(breach: Breach): string {
  switch (breach.kind) {
    case 'head-forged':
      return 'what the database keeps of its end is gone, or was not written with the key of this server.';
    case 'anchor-forged':
      return 'what the database keeps of its start was not written with the key of this server.';
    case 'behind-head':
      return `entry ${breach.position} stands behind its end, which was set back, or the entry was put there.`;
    case 'before-start':
      return `entry ${breach.position} stands before its start: it was put there.`;
    case 'missing':
      return `entry ${breach.position} is missing.`;
    case 'twice':
      return `entry ${breach.position} is there twice.`;
    case 'changed':
      return `entry ${breach.position} is not as it was written.`;
    case 'cut-off':
      return `it was cut off, entry ${breach.position} and all behind it are missing.`;
    case 'other-trail':
      return `entry ${breach.position} is another one than the given head tells of.`;
  }
}
