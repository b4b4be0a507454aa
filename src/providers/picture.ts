import type { ToldPicture } from '../core/external-login/identity.ts';
import type { FetchPicture } from '../core/external-login/picture.ts';
import type { Outbound } from '../lib/outbound.ts';
import type { CustomShape } from './custom-shape.ts';

const longestAddress = 2048;
const timeoutMs = 5_000;

/**
 * Where the picture of an identity may be fetched from. The address came in an answer: over TLS, and into no inner network,
 * unless it is at a host that the operator has named for the service itself.
 * @param address as the service tells it
 * @param service the addresses that are set; those of a discovery document are nobody's here
 * @returns undefined where it is not fetched
 */
export function pictureAt(
  address: string | undefined,
  { issuer, places }: Pick<CustomShape, 'issuer' | 'places'>,
): ToldPicture | undefined {
  if (address === undefined || address.length > longestAddress) return undefined;
  const url = URL.parse(address);
  if (url === null || url.username !== '' || url.password !== '') return undefined;
  const isOwn = [issuer, ...Object.values(places)].some(
    (place) => place !== undefined && URL.parse(place)?.origin === url.origin,
  );
  if (isOwn) return { url: url.href, chosenBy: 'operator' };
  return url.protocol === 'https:' ? { url: url.href, chosenBy: 'other' } : undefined;
}

/** Fetches pictures within bounds: without redirects, in five seconds. */
export function fetchPictureOver(outbound: Outbound): FetchPicture {
  return async ({ url, chosenBy }, mostBytes) => {
    const { status, bytes } = await outbound({ url, chosenBy, headers: { Accept: 'image/*' }, timeoutMs, mostBytes });
    if (status !== 200 || bytes === undefined) throw new Error(`The address of a picture answered ${status}.`);
    return bytes;
  };
}
