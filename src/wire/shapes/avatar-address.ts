const dataAddress = /^data:image\/[a-z+.-]{1,20};base64,([A-Za-z0-9+/]+={0,2})$/u;

/**
 * The picture that stands in a `data:` address. Addresses of other servers are not followed: whoever sends one would
 * choose whom this server speaks to.
 * @returns undefined for every other address
 */
export function pictureInAddress(address: string): Buffer | undefined {
  const [, base64] = dataAddress.exec(address) ?? [];
  return base64 === undefined ? undefined : Buffer.from(base64, 'base64');
}
