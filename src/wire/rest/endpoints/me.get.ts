import type { App } from '../../../app.ts';
import { meOf } from '../../shapes/me.ts';
import { endpoint } from '../endpoint.ts';
import { MeCache } from '../me-cache.ts';
import { free } from '../schema.ts';

/** One memory for each app; there is one app in a process, and many in a test. */
const caches = new WeakMap<App, MeCache>();

export default endpoint({
  method: 'get',
  path: '/api/v1/me',
  summary: 'Tells who is signed in.',
  auth: 'token',
  scoped: true,
  withoutUsername: true,
  enrolment: true,
  passwordChange: true,
  answer: free(),
  run(app, { signed: { account } }) {
    let cache = caches.get(app);
    if (cache === undefined) {
      cache = new MeCache(app.settings);
      caches.set(app, cache);
    }
    const status = app.presence.of(account);
    const statusConnection = app.presence.ofConnections(account.id);
    return cache.get(account, status, statusConnection, () =>
      meOf(account, { settings: app.settings, status, statusConnection }),
    );
  },
});
