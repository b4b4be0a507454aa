import type { IncomingMessage, ServerResponse } from 'node:http';
import { bareHeaders } from './bare-headers.ts';
import { EndedSessions } from './ended-sessions.ts';
import type { OpenIdDoorParts } from './parts.ts';
import { askedPath, isServed, isShort } from './paths.ts';
import type { Serving } from './serving.ts';

export interface OpenIdDoor {
  /** @returns false for a request that is for somebody else */
  readonly handleRequest: (request: IncomingMessage, response: ServerResponse) => boolean;
  /** Waits for what is under way. */
  readonly close: () => Promise<void>;
}

/**
 * Countersign as an OpenID provider, under `/oidc` (OpenID Connect Core 1.0). Nothing of it is loaded before it is asked
 * for something, or has to tell something.
 */
export function openIdDoor(parts: OpenIdDoorParts): OpenIdDoor {
  let loading: Promise<Serving> | undefined;
  const load = async (): Promise<Serving> => {
    const { Serving: Loaded } = await import('./serving.ts');
    return new Loaded(parts);
  };
  const serving = async (): Promise<Serving> => {
    loading ??= load();
    return await loading;
  };
  const ended = new EndedSessions(parts.app, async () => await (await serving()).provider(), parts.log);
  const answer = async (request: IncomingMessage, response: ServerResponse, path: string): Promise<void> => {
    await (await serving()).answer(request, response, path);
  };

  return {
    handleRequest: (request, response) => {
      const path = pathUnder(request.url ?? '');
      if (path === undefined) return false;
      const asked = askedPath(path);
      if (!isServed(asked) || !isShort(asked)) {
        response.writeHead(isServed(asked) ? 400 : 404, { ...bareHeaders, 'Content-Length': 0 }).end();
        return true;
      }
      answer(request, response, path).catch((cause: unknown) => {
        parts.log('the OpenID provider failed', { cause });
        if (!response.headersSent) response.writeHead(500, { ...bareHeaders, 'Content-Length': 0 });
        response.end();
      });
      return true;
    },
    close: async () => {
      await ended.close();
    },
  };
}

/** The path and the query behind `/oidc`; undefined for an address that is not the provider's. */
function pathUnder(url: string): string | undefined {
  // Where RFC 8414 §3 looks for the metadata of an issuer that has a path.
  if (/^\/\.well-known\/oauth-authorization-server\/oidc(?:\?|$)/u.test(url)) {
    return '/.well-known/openid-configuration';
  }
  return url.startsWith('/oidc/') ? url.slice('/oidc'.length) : undefined;
}
