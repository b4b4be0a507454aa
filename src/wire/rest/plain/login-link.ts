import type { App } from '../../../app.ts';
import { escapeHtml } from '../../shapes/escape-html.ts';
import { page } from '../../shapes/page.ts';
import { speechOf } from '../../shapes/speech.ts';
import type { PlainRoute } from './plain-route.ts';

/**
 * Where a link of `countersign login-link` leads. Opening it uses nothing up, since mail servers and previews open links
 * too; the client that the person gives it to redeems the code.
 */
export function loginLink(app: App): PlainRoute {
  return {
    path: '/home',
    run: ({ headers }) => {
      const speech = speechOf(app, headers);
      return page(
        app,
        speech.say('linkTitle'),
        `<h1>${speech.html('linkTitle')}</h1>
<p>${speech.html('linkText', { part: '<code dir="ltr">?loginCode=…</code>' })}</p>
<pre tabindex="0">curl ${escapeHtml(app.settings.get('Site_Url'))}/api/v1/loginCode.redeem -d 'code=…'</pre>
<p>${speech.html('linkAnswer', { id: '<code>userId</code>', token: '<code>loginToken</code>' })}</p>`,
        { speech },
      );
    },
  };
}
