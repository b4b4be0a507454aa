import type { App } from '../../../app.ts';
import { escapeHtml, page } from '../../shapes/page.ts';
import type { PlainRoute } from './plain-route.ts';

/**
 * Where a link of `countersign login-link` leads. Opening it uses nothing up, since mail servers and previews open links
 * too; the client that the person gives it to redeems the code.
 */
export function loginLink(app: App): PlainRoute {
  return {
    path: '/home',
    run: () =>
      page(
        app,
        app.settings.get('Site_Name'),
        `<h1>A link that signs in once</h1>
<p>If the address of this page ends in <code>?loginCode=…</code>, what stands there signs you in a single time, within
minutes. Nothing has been used up by opening the page. Hand the code to your client, or redeem it yourself:</p>
<pre>curl ${escapeHtml(app.settings.get('Site_Url'))}/api/v1/loginCode.redeem -d 'code=…'</pre>
<p>The answer holds <code>userId</code> and <code>loginToken</code>, which every client takes as a token to resume.</p>`,
      ),
  };
}
