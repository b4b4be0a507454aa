import type { Document } from '../frames.ts';
import type { Opened, Publication, Subscriber } from '../publication.ts';
import { notAllowed, Refusal } from '../refusal.ts';
import type { streamNames } from '../stream-names.ts';

type StreamName = (typeof streamNames)[number];

const longestEventName = 512;

/** Who asks for which event of a stream. */
export interface EventAsked {
  readonly eventName: string;
  readonly subscriber: Subscriber;
  readonly app: Parameters<Publication['open']>[1]['app'];
}

/**
 * A stream: subscriptions to it publish no documents and listen to events (realtime.md §12.3).
 * @param listens refuses whoever may not listen, and says to which topics the others do: none for an event that this
 *   server never makes
 * @param open whether personal tokens with scopes may listen
 */
export function stream(
  name: StreamName,
  listens: (asked: EventAsked) => readonly string[] | Promise<readonly string[]>,
  open: Pick<Publication, 'scoped'> = {},
): Publication {
  return {
    ...open,
    name,
    async open(subscriber, { app }): Promise<Opened> {
      const [eventName, options] = subscriber.params;
      if (typeof eventName !== 'string' || eventName === '' || eventName.length > longestEventName) {
        throw new Refusal({ error: 'invalid-event-name' });
      }
      const topics = await listens({ eventName, subscriber, app });
      return { topics, documents: wantsDocument(options) ? [announcement(name, eventName)] : [] };
    },
  };
}

/** Refuses whoever is signed out. */
export function mustBeSomebody({ accountId }: Subscriber): string {
  if (accountId === undefined) throw new Refusal(notAllowed);
  return accountId;
}

/** `true` alone is the form of old clients. */
export function wantsDocument(options: unknown): boolean {
  if (options === true) return true;
  return typeof options === 'object' && options !== null && Reflect.get(options, 'useCollection') === true;
}

/** The one document that such a subscription gets before `ready`. */
export function announcement(name: StreamName, eventName: string): Document {
  return { collection: name, id: 'id', fields: JSON.stringify({ eventName }) };
}
