import type { App } from '../../../app.ts';
import type { Endpoint, RestConfig } from '../endpoint.ts';
import { apiDocs } from './api-docs.ts';
import { avatar } from './avatar.ts';
import { backChannelLogout, messageLimit } from './back-channel-logout.ts';
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
import { oauthToken, tokenLimit } from './oauth-token.ts';
import { oauthUserinfo } from './oauth-userinfo.ts';
import { openApi } from './openapi.ts';
import type { PlainRoute } from './plain-route.ts';
import { saml } from './saml.ts';
import { samlLogout } from './saml-logout.ts';
import { secondFactorPage } from './second-factor-page.ts';
import { signIn } from './sign-in.ts';
import { signOut } from './sign-out.ts';

/** What the routes outside the JSON API need. */
export interface PlainNeeds {
  readonly app: App;
  readonly config: RestConfig;
  readonly endpoints: readonly Endpoint[];
  /** Renders the figures for the operator. */
  readonly metrics: () => string;
}

/** Every route outside the JSON API. */
export function plainRoutes({ app, config, endpoints, metrics }: PlainNeeds): readonly PlainRoute[] {
  return [
    home(app),
    loginLink(app),
    oauthAuthorize(app, flowLimit(app, config)),
    oauthToken(
      app,
      flowLimit(app, config, () => tokenLimit),
    ),
    oauthUserinfo(app),
    oauthErrorPage(app),
    ...browserFlow(app, flowLimit(app, config)),
    ...oauthCallback(app, flowLimit(app, config)),
    secondFactorPage(app),
    backChannelLogout(app, config),
    signIn(app),
    signOut(app),
    ...saml(app, flowLimit(app, config)),
    ...samlLogout(app, flowLimit(app, config)),
    cas(
      app,
      flowLimit(app, config),
      flowLimit(app, config, () => messageLimit),
    ),
    ...mailedLinks(app),
    avatar(app),
    live,
    ready(app),
    metricsPage(config, metrics),
    openApi(app, config, endpoints),
    apiDocs(app, endpoints),
  ];
}
