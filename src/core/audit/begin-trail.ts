import type { Random } from '../ports.ts';
import { endText, type Marker } from './chain.ts';
import type { AuditStore } from './store.ts';

export interface BeginNeeds {
  readonly audit: Pick<AuditStore, 'begin'>;
  readonly sealer: Marker;
  readonly random: Random;
}

/**
 * Writes both ends of a chain that has no entry yet, before the first account is made. So a head that is not there was
 * taken away: whoever empties the trail has none to put in its place. What stands before the first entry is drawn by
 * chance, so that no other trail of the same key begins alike.
 */
export async function beginTrail({ audit, sealer, random }: BeginNeeds): Promise<void> {
  const beginning = { position: 0, seal: random.id() };
  await audit.begin({ head: endText(sealer, 'head', beginning), anchor: endText(sealer, 'anchor', beginning) });
}
