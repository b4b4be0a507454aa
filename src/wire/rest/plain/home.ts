import type { App } from '../../../app.ts';
import { escapeHtml, page } from '../../shapes/page.ts';
import type { PlainRoute } from './plain-route.ts';

/** What a person finds who opens the server in a browser. */
export function home(app: App): PlainRoute {
  return {
    path: '/',
    run: () => {
      const name = app.settings.get('Site_Name');
      return page(
        app,
        name,
        `<h1>${escapeHtml(name)}</h1>
<p>This is Countersign, an authentication server. Programs sign people in here over Rocket.Chat's REST and realtime
interfaces.</p>
<ul>
<li><a href="/api-docs">The REST interface</a></li>
<li><a href="/api-docs/openapi.json">The same as an OpenAPI document</a></li>
<li><a href="/api/info">The version of the interface</a></li>
</ul>`,
      );
    },
  };
}
