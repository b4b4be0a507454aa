import { sha256Hex } from '../../lib/digest.ts';
import type { Account } from '../account/account.ts';
import type { AvatarStore } from '../account/avatar-store.ts';
import { fitPicture, type PictureBounds } from '../account/fit-picture.ts';
import { recordOf } from '../audit/record.ts';
import { Fault } from '../fault.ts';
import type { Caller, Clock } from '../ports.ts';
import type { Identity, ToldPicture } from './identity.ts';
import type { Vouched } from './settle.ts';

/** Fetches the file at an address that a provider told. @throws Error where it cannot be had, or is larger than that */
export type FetchPicture = (picture: ToldPicture, mostBytes: number) => Promise<Uint8Array>;

export interface PictureNeeds {
  readonly clock: Clock;
  readonly avatars: Pick<AvatarStore, 'put'>;
  readonly fetch: FetchPicture;
  readonly bounds: () => PictureBounds;
  readonly onTrouble: (sentence: string, facts: Readonly<Record<string, unknown>>) => void;
}

/** Pictures at addresses that providers tell. */
export interface ToldPictures {
  /** Begins to take the picture of an identity that has just been joined; what becomes of it, nobody waits for. */
  begin(account: Account, identity: Identity, caller: Caller): void;
  /** The same word, that gives the account its picture once it is written: behind the sign-in, which never waits for it. */
  following(vouched: Vouched, caller: Caller): Vouched;
  /** Waits for all that were begun. */
  settled(): Promise<void>;
}

/** So many are fetched at once; of whoever comes meanwhile, the next sign-in brings the picture. */
const mostAtOnce = 8;

/** Takes pictures from providers, see `ToldPictures`. */
export function toldPictures(needs: PictureNeeds): ToldPictures {
  const running = new Map<string, Promise<void>>();

  function begin(account: Account, identity: Identity, caller: Caller): void {
    const { picture } = identity;
    if (picture === undefined || running.size >= mostAtOnce || running.has(account.id)) return;
    const taking = takePicture(needs, account, identity.provider, picture, caller)
      .catch((cause: unknown) => {
        const because = cause instanceof Fault ? cause.code : cause;
        needs.onTrouble('The picture that a provider told of was not taken.', { service: identity.provider, because });
      })
      .finally(() => running.delete(account.id));
    running.set(account.id, taking);
  }

  return {
    begin,
    following: (vouched, caller) => ({
      ...vouched,
      write: async (by) => {
        const account = await vouched.write(by);
        begin(account, vouched.identity, caller);
        return account;
      },
    }),
    settled: async () => {
      await Promise.all(running.values());
    },
  };
}

/**
 * Gives an account the picture at an address, unless it has the one of this address already. A picture that somebody
 * chose, or that came from elsewhere, stays: tags of pictures that people chose hold no hyphen.
 * @throws Fault `avatar-too-large`, `avatar-invalid`; whatever `fetch` throws
 */
async function takePicture(
  { clock, avatars, fetch, bounds }: PictureNeeds,
  { id, avatarTag }: Account,
  provider: string,
  picture: ToldPicture,
  caller: Caller,
): Promise<void> {
  const mark = `told-${provider}-`;
  const tag = `${mark}${sha256Hex(picture.url).slice(0, 32)}`;
  if (tag === avatarTag || (avatarTag !== undefined && !avatarTag.startsWith(mark))) return;
  const limits = bounds();
  const { mediaType, bytes } = await fitPicture(await fetch(picture, limits.mostBytes), limits);
  const at = clock.now();
  const audit = recordOf(
    'avatar.set',
    { at, caller, actorId: undefined, accountId: id },
    { provider, type: mediaType, bytes: bytes.length },
  );
  // Not where somebody has chosen another one meanwhile.
  await avatars.put(id, { avatar: { mediaType, bytes }, tag }, at, audit, { tag: avatarTag });
}
