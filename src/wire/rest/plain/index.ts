import type { App } from '../../../app.ts';
import type { Endpoint, RestConfig } from '../endpoint.ts';
import { apiDocs } from './api-docs.ts';
import { avatar } from './avatar.ts';
import { live, ready } from './health.ts';
import { home } from './home.ts';
import { loginLink } from './login-link.ts';
import { mailedLinks } from './mailed-links.ts';
import { metricsPage } from './metrics.ts';
import { openApi } from './openapi.ts';
import type { PlainRoute } from './plain-route.ts';

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
    ...mailedLinks(app),
    avatar(app),
    live,
    ready(app),
    metricsPage(config, metrics),
    openApi(app, config, endpoints),
    apiDocs(app, endpoints),
  ];
}
