/** What a path leads to, with the text of its parameter. */
interface Found<T> {
  readonly served: T;
  readonly params: Readonly<Record<string, string>>;
}

interface Place<T> {
  readonly verbs: Map<string, T>;
  /** The name of the parameter that fills the last segment; `''` for none. */
  readonly parameter: string;
}

/** A path with parameters elsewhere than in its last segment alone. */
interface Pattern<T> extends Place<T> {
  /** Of each segment its text, or the name of its parameter. */
  readonly segments: readonly { readonly text: string; readonly isParameter: boolean }[];
}

/** Longer ones name nothing here. */
const longestParameter = 512;

const none: Readonly<Record<string, string>> = Object.freeze({});

/** The paths that are served, exactly as they are written: a path in other words is another path (attacks D14). */
export class Routes<T> {
  readonly #exact = new Map<string, Place<T>>();
  /** Paths whose last segment is a parameter, by what stands before it. */
  readonly #open = new Map<string, Place<T>>();
  /** The few others, asked last. */
  readonly #patterns = new Map<string, Pattern<T>>();

  /** @param path `:name` may stand for any of its segments */
  add(path: string, verb: string, served: T): void {
    const colon = path.indexOf(':');
    if (colon >= 0 && path.includes('/', colon)) {
      this.#addPattern(path, verb, served);
      return;
    }
    const table = colon < 0 ? this.#exact : this.#open;
    const key = colon < 0 ? path : path.slice(0, colon);
    const place = table.get(key) ?? { verbs: new Map<string, T>(), parameter: colon < 0 ? '' : path.slice(colon + 1) };
    place.verbs.set(verb, served);
    if (verb === 'GET') place.verbs.set('HEAD', served);
    table.set(key, place);
  }

  /** What is served there; undefined for nothing. */
  find(path: string, verb: string): Found<T> | undefined {
    const exact = this.#exact.get(path)?.verbs.get(verb);
    if (exact !== undefined) return { served: exact, params: none };
    const place = this.#openAt(path);
    const served = place?.verbs.get(verb);
    if (place === undefined) return this.#findPattern(path, verb);
    if (served === undefined) return undefined;
    const text = decoded(path.slice(path.lastIndexOf('/') + 1));
    if (text === undefined || text.length > longestParameter) return undefined;
    return { served, params: { [place.parameter]: text } };
  }

  /** The verbs that the path takes; undefined for no such path. */
  verbsOf(path: string): readonly string[] | undefined {
    const place = this.#exact.get(path) ?? this.#openAt(path) ?? this.#patternAt(path)?.pattern;
    return place === undefined ? undefined : [...place.verbs.keys()];
  }

  #addPattern(path: string, verb: string, served: T): void {
    const segments = path.split('/').map((segment) => ({
      text: segment.replace(/^:/u, ''),
      isParameter: segment.startsWith(':'),
    }));
    const pattern = this.#patterns.get(path) ?? { verbs: new Map<string, T>(), parameter: '', segments };
    pattern.verbs.set(verb, served);
    if (verb === 'GET') pattern.verbs.set('HEAD', served);
    this.#patterns.set(path, pattern);
  }

  #findPattern(path: string, verb: string): Found<T> | undefined {
    const found = this.#patternAt(path);
    const served = found?.pattern.verbs.get(verb);
    return found === undefined || served === undefined ? undefined : { served, params: found.params };
  }

  #patternAt(path: string): { pattern: Pattern<T>; params: Record<string, string> } | undefined {
    if (this.#patterns.size === 0) return undefined;
    const given = path.split('/');
    for (const pattern of this.#patterns.values()) {
      const params = filled(pattern.segments, given);
      if (params !== undefined) return { pattern, params };
    }
    return undefined;
  }

  #openAt(path: string): Place<T> | undefined {
    return path.endsWith('/') ? undefined : this.#open.get(path.slice(0, path.lastIndexOf('/') + 1));
  }
}

/** What the parameters hold where a path fits; an empty parameter fits nothing. */
function filled(segments: Pattern<unknown>['segments'], given: readonly string[]): Record<string, string> | undefined {
  if (segments.length !== given.length) return undefined;
  const params: Record<string, string> = {};
  for (const [at, { text, isParameter }] of segments.entries()) {
    const segment = given[at] ?? '';
    if (!isParameter) {
      if (segment !== text) return undefined;
      continue;
    }
    const value = decoded(segment);
    if (value === undefined || value === '' || value.length > longestParameter) return undefined;
    params[text] = value;
  }
  return params;
}

function decoded(segment: string): string | undefined {
  try {
    return decodeURIComponent(segment);
  } catch {
    return undefined;
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
