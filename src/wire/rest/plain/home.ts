import type { App } from '../../../app.ts';
import { escapeHtml } from '../../shapes/escape-html.ts';
import { page } from '../../shapes/page.ts';
import { speechOf } from '../../shapes/speech.ts';
import type { PlainRoute } from './plain-route.ts';
import { addressOf } from './sent-to.ts';

/** What a person finds who opens the server in a browser that runs no script, or where no pages were built. */
export function home(app: App): PlainRoute {
  return {
    path: '/',
    run: ({ headers }) => {
      const speech = speechOf(app, headers);
      const link = (path: string, words: string): string => `<li><a href="${addressOf(app, path)}">${words}</a></li>`;
      const site = app.settings.get('Site_Name');
      return page(
        app,
        site,
        `<h1>${escapeHtml(site)}</h1>
<p>${speech.html('homeAbout')}</p>
<p class="buttons"><a class="button" href="${addressOf(app, '/sign-in?plain=1')}">${speech.html('signIn')}</a></p>
<p class="quiet">${speech.html('homeScript')}</p>
<ul>
${link('/sign-out', speech.html('signOut'))}
${link('/api-docs', speech.html('homeInterface'))}
${link('/api-docs/openapi.json', speech.html('homeOpenApi'))}
${link('/api/info', speech.html('homeVersion'))}
</ul>`,
        { speech },
      );
    },
  };
}
