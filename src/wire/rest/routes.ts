/** The paths that are served, exactly as they are written: a path in other words is another path (attacks D14). */
export class Routes {
  readonly #exact = new Map<string, Set<string>>();
  /** Paths whose last segment is a parameter, by what stands before it. */
  readonly #open = new Map<string, Set<string>>();

  add(path: string, verb: string): void {
    const colon = path.indexOf(':');
    const table = colon < 0 ? this.#exact : this.#open;
    const key = colon < 0 ? path : path.slice(0, colon);
    const verbs = table.get(key) ?? new Set();
    verbs.add(verb);
    if (verb === 'GET') verbs.add('HEAD');
    table.set(key, verbs);
  }

  /** The verbs that the path takes; undefined for no such path. */
  verbsOf(path: string): readonly string[] | undefined {
    const exact = this.#exact.get(path);
    if (exact !== undefined) return [...exact];
    if (path.endsWith('/')) return undefined;
    const open = this.#open.get(path.slice(0, path.lastIndexOf('/') + 1));
    return open === undefined ? undefined : [...open];
  }
}

/** The path of a request target as it was sent, undecoded. An absolute target is cut to its path (RFC 9112 §3.2.2). */
export function pathOf(target: string): string {
  const query = target.indexOf('?');
  const path = query < 0 ? target : target.slice(0, query);
  return path.startsWith('/') ? path : path.replace(/^https?:\/\/[^/]*/i, '');
}

/** The query of a request target, without `?`. */
export function queryOf(target: string): string {
  const query = target.indexOf('?');
  return query < 0 ? '' : target.slice(query + 1);
}

/** Whether a path says what the route says, and no more than its parameter in other words. */
export function isExactly(path: string, route: string): boolean {
  const colon = route.indexOf(':');
  if (colon < 0) return path === route;
  return path.startsWith(route.slice(0, colon)) && !path.slice(colon).includes('/');
}
