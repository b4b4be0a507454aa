const usualPatienceMs = 3_000;

/**
 * Asks the DNS whether a domain names a server that takes its mail. What gives no answer, or the answer of RFC 7505 that
 * there is none, does not.
 * @param servers name servers; undefined for those of the host
 * @param patienceMs how long each of them may take
 */
export async function takesMail(
  domain: string,
  servers?: readonly string[],
  patienceMs = usualPatienceMs,
): Promise<{ readonly held: boolean }> {
  const { Resolver } = await import('node:dns/promises');
  const resolver = new Resolver({ timeout: patienceMs, tries: 1 });
  try {
    if (servers !== undefined) resolver.setServers(servers);
    const found = await resolver.resolveMx(domain);
    return { held: found.some(({ exchange }) => exchange !== '' && exchange !== '.') };
  } catch {
    return { held: false };
  }
}
