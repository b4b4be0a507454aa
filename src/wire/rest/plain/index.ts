import type { App } from '../../../app.ts';
import type { PageFiles } from '../../../lib/page-files.ts';
import { flowCookieIn } from '../../shapes/flow-cookie.ts';
import { pageCookieIn } from '../../shapes/page-cookie.ts';
import type { Endpoint, RestConfig } from '../endpoint.ts';
import { apiDocs } from './api-docs.ts';
import { avatar } from './avatar.ts';
import { backChannelLogout } from './back-channel-logout.ts';
import { browserFlow } from './browser-flow.ts';
import { cas } from './cas.ts';
import { flowLimit } from './flow-limit.ts';
import { live, ready } from './health.ts';
import { home } from './home.ts';
import { loginLink } from './login-link.ts';
import { mailedLinks } from './mailed-links.ts';
import { metricsPage } from './metrics.ts';
import { oauthErrorPage } from './oauth-answers.ts';
import { oauthAuthorize } from './oauth-authorize.ts';
import { oauthCallback } from './oauth-callback.ts';
import { oauthToken } from './oauth-token.ts';
import { oauthUserinfo } from './oauth-userinfo.ts';
import { openApi } from './openapi.ts';
import { landing } from './page-landing.ts';
import { pageSession } from './page-session.ts';
import type { PlainRequest, PlainRoute } from './plain-route.ts';
import { saml } from './saml.ts';
import { samlLogout } from './saml-logout.ts';
import { secondFactorPage } from './second-factor-page.ts';
import { shell, withShell } from './shell.ts';
import { signIn } from './sign-in.ts';
import { signOut } from './sign-out.ts';

/** What the routes outside the JSON API need. */
export interface PlainNeeds {
  readonly app: App;
  readonly config: RestConfig;
  readonly endpoints: readonly Endpoint[];
  /** Renders the figures for the operator. */
  readonly metrics: () => string;
  /** The pages as they were built; without them those that need no script are all there is. */
  readonly pages?: PageFiles | undefined;
}

/** Every route outside the JSON API. */
export function plainRoutes({ app, config, endpoints, metrics, pages }: PlainNeeds): readonly PlainRoute[] {
  const ends = landing(app, pages !== undefined);
  return [
    ...(pages === undefined ? [home(app)] : shell(app, pages)),
    ...pageSession(app, flowLimit(app, config, 'Countersign_Rate_Limit_Page_Sessions')),
    // What a client waits for it takes out of the address itself.
    withShell(app, pages, loginLink(app), async ({ query }) => await Promise.resolve('loginClient' in query)),
    oauthAuthorize(app, flowLimit(app, config)),
    oauthToken(app, flowLimit(app, config, 'Countersign_Rate_Limit_Application_Tokens')),
    oauthUserinfo(app),
    oauthErrorPage(app),
    ...browserFlow(app, flowLimit(app, config), ends),
    ...oauthCallback(app, flowLimit(app, config)),
    // Of a sign-in that was begun by a client the page tells what the client does.
    withShell(app, pages, secondFactorPage(app), async (request) => !(await isWaiting(app, request))),
    backChannelLogout(app, config),
    withShell(app, pages, signIn(app), async (request) => await isSignedIn(app, request)),
    signOut(app),
    ...saml(app, flowLimit(app, config), ends),
    ...samlLogout(app, flowLimit(app, config)),
    cas(app, flowLimit(app, config), flowLimit(app, config, 'Countersign_Rate_Limit_Provider_Logouts'), ends),
    ...mailedLinks(app).map((route) => withShell(app, pages, route)),
    avatar(app),
    live,
    ready(app),
    metricsPage(config, metrics),
    openApi(app, config, endpoints),
    apiDocs(app, endpoints),
  ];
}

/** Whoever is signed in, and is not asked to sign in as somebody else, goes on without a page. */
async function isSignedIn(app: App, { headers, query }: PlainRequest): Promise<boolean> {
  const cookie = query['again'] === '1' ? undefined : pageCookieIn(app, headers);
  return cookie !== undefined && (await app.page.find(cookie)) !== undefined;
}

/** Whether this browser waits for the second half of a sign-in that ends at our own pages. */
async function isWaiting(app: App, { headers, params }: PlainRequest): Promise<boolean> {
  const cookie = flowCookieIn(app, headers);
  return (await app.browserFlow.pageHalfOf(params['challengeId'] ?? '', cookie)) !== undefined;
}
