import { sha256Hex } from '../../lib/digest.ts';
import type { Account } from '../account/account.ts';
import type { AvatarStore } from '../account/avatar-store.ts';
import { fitPicture, type PictureBounds } from '../account/fit-picture.ts';
import { recordOf } from '../audit/record.ts';
import type { Caller, Clock } from '../ports.ts';
import type { Settings } from '../setting/settings.ts';
import type { Directory, Entry } from './directory.ts';
import { attributesOf } from './entry.ts';
import { directoryProvider } from './entry-identity.ts';

/** How pictures of the directory become those of accounts, as it is set now (providers.md §4.1). */
export interface PicturePolicy extends PictureBounds {
  /** The first that has a value counts. */
  readonly attributes: readonly string[];
}

export interface PictureNeeds {
  readonly clock: Clock;
  readonly avatars: Pick<AvatarStore, 'put'>;
}

/** @returns undefined where the directory decides no pictures */
export function picturePolicyOf(settings: Pick<Settings, 'get'>): PicturePolicy | undefined {
  if (!settings.get('LDAP_Sync_User_Avatar')) return undefined;
  const named = attributesOf(settings.get('LDAP_Avatar_Field'));
  return {
    attributes: named.length === 0 ? ['thumbnailPhoto', 'jpegPhoto'] : named,
    mostBytes: settings.get('Countersign_Avatar_Bytes'),
    longestSide: settings.get('Countersign_Avatar_Side'),
  };
}

/** Marks the tag of a picture that the directory gave; tags of pictures that people chose hold no hyphen. */
const mark = 'ldap-';

/**
 * Gives an account the picture of its entry where it is another by now, and takes it away where the entry has none any
 * more. A picture that somebody chose stays.
 * @param dryRun judges the picture and writes nothing
 * @returns the account as it is then, or would be
 * @throws Fault `avatar-too-large`, `avatar-invalid`
 */
export async function takePicture(
  { clock, avatars }: PictureNeeds,
  policy: PicturePolicy,
  entry: Entry,
  account: Account,
  by: { readonly caller: Caller; readonly actorId?: string | undefined; readonly dryRun?: boolean | undefined },
): Promise<Account> {
  const { avatarTag } = account;
  if (avatarTag !== undefined && !avatarTag.startsWith(mark)) return account;
  const file = pictureOf(entry, policy);
  const tag = file === undefined ? undefined : `${mark}${sha256Hex(file).slice(0, 32)}`;
  if (tag === avatarTag) return account;
  const picture = file === undefined ? undefined : await fitPicture(file, policy);
  const now = { ...account, avatarTag: tag };
  if (by.dryRun === true) return now;
  const at = clock.now();
  const who = { at, caller: by.caller, actorId: by.actorId, accountId: account.id };
  const told = picture === undefined ? {} : { type: picture.mediaType, bytes: picture.bytes.length };
  const audit = recordOf(tag === undefined ? 'avatar.reset' : 'avatar.set', who, {
    provider: directoryProvider,
    ...told,
  });
  const chosen = picture === undefined || tag === undefined ? undefined : { avatar: picture, tag };
  // Not where somebody has chosen another one meanwhile.
  return (await avatars.put(account.id, chosen, at, audit, { tag: avatarTag })) ? now : account;
}

/** One entry by its name; undefined where it is not there, or does not fit the filter. @throws DirectoryUnreachable */
export async function entryWith(
  directory: Pick<Directory, 'search'>,
  dn: string,
  attributes: readonly string[],
  filter = '(objectClass=*)',
): Promise<Entry | undefined> {
  for await (const entry of directory.search({ base: dn, scope: 'base', filter, attributes, most: 1 })) return entry;
  return undefined;
}

function pictureOf(entry: Entry, { attributes }: PicturePolicy): Buffer | undefined {
  for (const name of attributes) {
    const file = entry.attributes.get(name.toLowerCase())?.find(({ length }) => length > 0);
    if (file !== undefined) return file;
  }
  return undefined;
}
