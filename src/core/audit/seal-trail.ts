import { endOf, endText, linkBehind, type Marker } from './chain.ts';
import type { AuditRow, AuditStore, Link, Linked } from './store.ts';

export interface SealNeeds {
  readonly audit: Pick<AuditStore, 'seal' | 'ends'>;
  readonly sealer: Marker;
}

/** What the store keeps of the head was not written by a holder of the key: nothing is sealed behind it. */
export class HeadForged extends Error {
  constructor() {
    super('The head of the audit trail was changed by somebody without the key: run countersign audit verify.');
    this.name = 'HeadForged';
  }
}

/** So few that nobody who signs in meanwhile notices the step. */
const sealedAtOnce = 100;

/**
 * Links every entry that waits. Entries are appended without waiting for each other, so this is done beside them, on
 * every node, every second or so.
 * @returns how many were sealed
 * @throws HeadForged
 */
export async function sealTrail({ audit, sealer }: SealNeeds): Promise<number> {
  const link = (head: string, rows: readonly AuditRow[]): Linked => {
    let previous = endOf(sealer, 'head', head);
    if (previous === undefined) throw new HeadForged();
    const links: Link[] = [];
    for (const row of rows) {
      previous = linkBehind(sealer, previous, row);
      links.push(previous);
    }
    return { head: endText(sealer, 'head', previous), links };
  };
  for (let total = 0; ; ) {
    const sealed = await audit.seal(link, sealedAtOnce);
    total += sealed;
    if (sealed < sealedAtOnce) return total;
  }
}

/** The head, to be kept where nobody who changes the database can change it; undefined before the first entry. */
export async function headOfTrail({ audit, sealer }: SealNeeds): Promise<Link | undefined> {
  const head = endOf(sealer, 'head', (await audit.ends()).head);
  return head === undefined || head.position === 0 ? undefined : head;
}
