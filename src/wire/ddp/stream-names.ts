/** The streams that clients may subscribe to (realtime.md §12.3). */
export const streamNames = [
  'stream-notify-all',
  'stream-notify-logged',
  'stream-notify-user',
  'stream-user-presence',
  'stream-roles',
  'stream-room-messages',
  'stream-notify-room',
  'stream-room-data',
] as const;
