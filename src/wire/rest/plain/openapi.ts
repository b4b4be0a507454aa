import type { App } from '../../../app.ts';
import type { Endpoint, RestConfig } from '../endpoint.ts';
import { openApiDocument } from '../openapi.ts';
import type { PlainRoute } from './plain-route.ts';

/** The OpenAPI document, made when it is first asked for: what makes it is not loaded at the start. */
export function openApi(app: App, config: RestConfig, endpoints: readonly Endpoint[]): PlainRoute {
  let text: Promise<string> | undefined;
  const made = async (): Promise<string> =>
    `${JSON.stringify(await openApiDocument(endpoints, { version: config.version, url: app.settings.get('Site_Url') }), null, 2)}\n`;
  return {
    path: '/api-docs/openapi.json',
    async run() {
      text ??= made().catch((cause: unknown) => {
        text = undefined;
        throw cause;
      });
      return {
        status: 200,
        text: await text,
        headers: { 'Content-Type': 'application/json', 'Access-Control-Allow-Origin': '*' },
      };
    },
  };
}
