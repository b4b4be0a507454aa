import { Fault } from '../../../core/fault.ts';
import type { Publication } from '../publication.ts';
import { eventTopic } from '../topic-names.ts';
import { announcement, mustBeSomebody, wantsDocument } from './stream.ts';

const name = 'stream-user-presence';
/** No account has a longer id. */
const longestId = 64;

/**
 * Tells when the people named change their status. The first parameter is empty; the second names accounts to listen
 * to, and accounts that no subscription of this stream listens to any more (realtime.md §12.4).
 */
export const userPresence: Publication = {
  name,
  scoped: true,
  open(subscriber) {
    mustBeSomebody(subscriber);
    const [eventName, options] = subscriber.params;
    const { added, removed } =
      typeof options === 'object' && options !== null
        ? (options as { readonly added?: unknown; readonly removed?: unknown })
        : {};
    return {
      topics: topicsOf(added),
      leaves: topicsOf(removed),
      documents: wantsDocument(options) ? [announcement(name, typeof eventName === 'string' ? eventName : '')] : [],
    };
  },
};

function topicsOf(ids: unknown): readonly string[] {
  if (ids === undefined || ids === null) return [];
  if (!Array.isArray(ids)) throw new Fault('malformed');
  const topics = new Set<string>();
  for (const id of ids as readonly unknown[]) {
    if (typeof id !== 'string' || id.length > longestId) throw new Fault('malformed');
    topics.add(eventTopic(name, id));
  }
  return [...topics];
}
