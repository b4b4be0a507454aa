import type { SavedPreferences } from '../../core/account/store.ts';

const flags = [
  'useEmojis',
  'convertAsciiEmoji',
  'saveMobileBandwidth',
  'collapseMediaByDefault',
  'autoImageLoad',
  'unreadAlert',
  'enableAutoAway',
  'hideUsernames',
  'hideRoles',
  'displayAvatars',
  'hideFlexTab',
  'sidebarShowFavorites',
  'sidebarShowUnread',
  'sidebarDisplayAvatar',
  'sidebarGroupByType',
  'muteFocusedConversations',
  'receiveLoginDetectionEmail',
  'notifyCalendarEvents',
  'omnichannelTranscriptEmail',
  'omnichannelTranscriptPDF',
  'enableMobileRinging',
  'mentionsWithSymbol',
  'desktopNotificationRequireInteraction',
  'desktopNotificationVoiceCalls',
  'showThreadsInMainChannel',
  'useLegacyMessageTemplate',
  'enableNewMessageTemplate',
  'sidebarHideAvatar',
  'mergeChannels',
  'sidebarDrafts',
] as const;
const texts = [
  'newRoomNotification',
  'newMessageNotification',
  'emailNotificationMode',
  'desktopNotifications',
  'pushNotifications',
  'mobileNotifications',
  'audioNotifications',
  'sendOnEnter',
  'language',
  'sidebarSortby',
  'sidebarViewMode',
  'themeAppearence',
  'fontSize',
  'alsoSendThreadToChannel',
] as const;
const numbers = [
  'clockMode',
  'notificationsSoundVolume',
  'masterVolume',
  'voipRingerVolume',
  'idleTimeLimit',
  'desktopNotificationDuration',
  'messageViewMode',
  'utcOffset',
] as const;

const longestText = 128;
const mostItems = 100;
const largestNumber = 1e9;

const text = { type: 'string', maxLength: longestText };
const named = (name: string, more: object) => ({
  type: 'array',
  maxItems: mostItems,
  items: { type: 'object', required: [name], additionalProperties: false, properties: { [name]: text, ...more } },
});

/** The preferences that clients may save, each with what it holds, as JSON Schema (rest.md §11.10). */
export const preferenceMembers: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  ...Object.fromEntries(flags.map((key) => [key, { type: 'boolean' }])),
  ...Object.fromEntries(texts.map((key) => [key, text])),
  ...Object.fromEntries(
    numbers.map((key) => [key, { type: 'number', minimum: -largestNumber, maximum: largestNumber }]),
  ),
  highlights: { type: 'array', maxItems: mostItems, items: text },
  sidebarSectionsOrder: { type: 'array', maxItems: mostItems, items: text },
  dontAskAgainList: named('action', { label: text }),
  featuresPreview: named('name', { value: { type: 'boolean' } }),
};

/** Whether preferences hold nothing but known keys with fitting values, for a wire without schemas. */
export function arePreferences(asked: Readonly<Record<string, unknown>>): { readonly held: boolean } {
  const held = Object.entries(asked).every(([key, value]) => {
    const member = Object.hasOwn(preferenceMembers, key) ? preferenceMembers[key] : undefined;
    return member !== undefined && fits(member, value);
  });
  return { held };
}

interface Member {
  readonly type?: unknown;
  readonly maxItems?: number;
  readonly items?: Member;
  readonly properties?: Readonly<Record<string, Member>>;
  readonly required?: readonly string[];
}

function fits(member: Member, value: unknown): boolean {
  const { type, items = {}, properties = {}, required = [], maxItems = 0 } = member;
  if (type === 'string') return typeof value === 'string' && value.length <= longestText;
  if (type === 'number') return typeof value === 'number' && Math.abs(value) <= largestNumber;
  if (type === 'array') {
    return Array.isArray(value) && value.length <= maxItems && value.every((one) => fits(items, one));
  }
  if (type !== 'object') return typeof value === type;
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  return (
    required.every((key) => Object.hasOwn(value, key)) &&
    Object.entries(value).every(([key, one]) => {
      const inner = Object.hasOwn(properties, key) ? properties[key] : undefined;
      return inner !== undefined && fits(inner, one);
    })
  );
}

/** What is saved of preferences: the language and the offset stand elsewhere. */
export function savedPreferences(asked: Readonly<Record<string, unknown>>): SavedPreferences {
  const { language, utcOffset, ...preferences } = asked;
  return {
    preferences,
    ...(typeof language === 'string' ? { language } : {}),
    ...(typeof utcOffset === 'number' ? { utcOffset } : {}),
  };
}

/** Stored preferences as they are told, the language among them. */
export function toldPreferences(account: {
  readonly preferences: Readonly<Record<string, unknown>>;
  readonly language: string | undefined;
}): Readonly<Record<string, unknown>> {
  const { preferences, language } = account;
  return { ...preferences, ...(language === undefined ? {} : { language }) };
}
