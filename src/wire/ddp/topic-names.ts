// The names under which subscriptions listen and events are told. Only events that this server makes have one.

/** A user's own event, and the stream it belongs to. */
export const userEvents: ReadonlySet<string> = new Set(['userData', 'force_logout']);
export const allEvents: ReadonlySet<string> = new Set(['public-settings-changed', 'private-settings-changed']);
export const loggedEvents: ReadonlySet<string> = new Set([
  'permissions-changed',
  'roles-change',
  'private-settings-changed',
  'user-status',
  'updateAvatar',
  'Users:NameChanged',
  'Users:Deleted',
]);

export const roleEvents: ReadonlySet<string> = new Set(['roles']);

/** The topic of a stream's event. */
export function eventTopic(stream: string, eventName: string): string {
  return `${stream}/${eventName}`;
}

/** Heard by subscriptions that publish the sign-in services. */
export const loginServicesTopic = 'documents/loginServices';
