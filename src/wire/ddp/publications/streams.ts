import type { Publication } from '../publication.ts';
import { notAllowed, Refusal } from '../refusal.ts';
import { readsPrivate } from '../setting-shapes.ts';
import { allEvents, eventTopic, loggedEvents, roleEvents, userEvents } from '../topic-names.ts';
import { type EventAsked, mustBeSomebody, stream } from './stream.ts';

async function mustReadSettings({ app, subscriber }: EventAsked): Promise<void> {
  if (readsPrivate(app, await subscriber.signed()) === 'none') throw new Refusal(notAllowed);
}

const scoped = { scoped: true } as const;

/** For anybody, also signed out. */
const notifyAll = stream(
  'stream-notify-all',
  async (asked) => {
    const { eventName } = asked;
    if (eventName === 'private-settings-changed') await mustReadSettings(asked);
    return allEvents.has(eventName) ? [eventTopic('stream-notify-all', eventName)] : [];
  },
  scoped,
);

const notifyLogged = stream(
  'stream-notify-logged',
  async (asked) => {
    const { eventName } = asked;
    mustBeSomebody(asked.subscriber);
    if (eventName === 'private-settings-changed') await mustReadSettings(asked);
    return loggedEvents.has(eventName) ? [eventTopic('stream-notify-logged', eventName)] : [];
  },
  scoped,
);

const ownEvents = ['userData', 'force_logout'];

/** Event names are `<account id>/<event>`, and only of one's own account. */
const notifyUser = stream(
  'stream-notify-user',
  ({ eventName, subscriber }) => {
    const { changingId } = subscriber;
    // By these a client learns that its password is changed, or that it is signed out.
    const own = changingId !== undefined && ownEvents.some((event) => eventName === `${changingId}/${event}`);
    const accountId = own ? changingId : mustBeSomebody(subscriber);
    if (!eventName.startsWith(`${accountId}/`)) throw new Refusal(notAllowed);
    return userEvents.has(eventName.slice(accountId.length + 1)) ? [eventTopic('stream-notify-user', eventName)] : [];
  },
  scoped,
);

const roles = stream('stream-roles', ({ eventName, subscriber }) => {
  mustBeSomebody(subscriber);
  return roleEvents.has(eventName) ? [eventTopic('stream-roles', eventName)] : [];
});

/** There are no conversations: one's own messages are nobody's, and a room asks for somebody. */
const roomMessages = stream('stream-room-messages', ({ eventName, subscriber }) => {
  if (eventName !== '__my_messages__') mustBeSomebody(subscriber);
  return [];
});

const notifyRoom = stream('stream-notify-room', ({ subscriber }) => {
  mustBeSomebody(subscriber);
  return [];
});

const roomData = stream('stream-room-data', ({ subscriber }) => {
  mustBeSomebody(subscriber);
  return [];
});

export const streams: readonly Publication[] = [
  notifyAll,
  notifyLogged,
  notifyUser,
  roles,
  roomMessages,
  notifyRoom,
  roomData,
];
