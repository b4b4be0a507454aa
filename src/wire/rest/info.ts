import { sha256Hex } from '../../lib/digest.ts';
import { type Endpoint, endpoint } from './endpoint.ts';
import { free, object, optional, text } from './schema.ts';

/** The line of Rocket.Chat whose wire this is; clients refuse a server whose version they do not support. */
const wireVersion = '8.7.0';

/** The oldest clients that speak this wire. */
const minimumClientVersions = { desktop: '3.9.6', mobile: '4.39.0' };

/** What clients read before they sign in (rest.md §16.8). It is served under two paths. */
export function infoEndpoint(path: '/api/info' | '/api/v1/info'): Endpoint {
  return endpoint({
    method: 'get',
    path,
    summary: 'Tells the version of the wire; in full with the permission view-statistics.',
    auth: 'optional',
    scoped: true,
    withoutUsername: true,
    answer: object({
      workspaceUrl: text(),
      hashedWorkspaceUrl: text(),
      version: text(),
      minimumClientVersions: object({ desktop: text(), mobile: text() }),
      info: optional(free()),
    }),
    run(app, { signed, config }) {
      const url = app.settings.get('Site_Url');
      const full = signed !== undefined && app.permissions.held(signed, 'view-statistics').held;
      return {
        workspaceUrl: url,
        hashedWorkspaceUrl: sha256Hex(url),
        version: full ? wireVersion : wireVersion.replace(/\.\d+$/, ''),
        minimumClientVersions,
        info: full ? { version: wireVersion, build: { countersign: config.version }, commit: {} } : undefined,
      };
    },
  });
}
