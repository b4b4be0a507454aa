import { Fault } from '../fault.ts';
import { type AddressList, addressList } from '../setting/address-list.ts';
import type { Token } from './token.ts';

/** The most entries of a list. */
const mostEntries = 100;

/** Read once for each token that is in memory. */
const read = new WeakMap<readonly string[], AddressList>();

const yes = { held: true } as const;
const no = { held: false } as const;

/**
 * Whether a token counts where it is shown. Nearly none has a list, and those cost one comparison.
 * @param address undefined where it is not known: then no list admits it
 */
export function isAdmitted({ addresses }: Token, address: string | undefined): { readonly held: boolean } {
  if (addresses === undefined) return yes;
  if (address === undefined) return no;
  let list = read.get(addresses);
  if (list === undefined) {
    list = listOf(addresses);
    if (list === undefined) return no;
    read.set(addresses, list);
  }
  return list.has(address) ? yes : no;
}

/** @throws Fault `personal-addresses-invalid` for an empty or overlong list, and for an entry that is no address */
export function mustBeAddresses(addresses: readonly string[]): void {
  if (addresses.length > mostEntries || listOf(addresses) === undefined) throw new Fault('personal-addresses-invalid');
}

/** Each entry is one address or one network: the text of several in one entry is none. */
function listOf(addresses: readonly string[]): AddressList | undefined {
  const fits = addresses.length > 0 && addresses.every((entry) => /^[\da-f:./]{2,64}$/iu.test(entry));
  return fits ? addressList(addresses.join(',')) : undefined;
}
