import type { App } from '../../../app.ts';
import { escapeHtml } from '../../shapes/escape-html.ts';
import { page } from '../../shapes/page.ts';
import type { Endpoint } from '../endpoint.ts';
import type { PlainRoute } from './plain-route.ts';
import { addressOf } from './sent-to.ts';

/** A page that tells every endpoint to a person. */
export function apiDocs(app: App, endpoints: readonly Endpoint[]): PlainRoute {
  const sections = endpoints.map(section).join('\n');
  return { path: '/api-docs', run: () => page(app, 'The REST interface', bodyOf(app, sections), { isWide: true }) };
}

function bodyOf(app: App, sections: string): string {
  return `<h1>The REST interface</h1>
<p>Send the headers <code>X-User-Id</code> and <code>X-Auth-Token</code> where a token is needed; a log-in gives both.
Bodies are JSON or forms. <a href="${addressOf(app, '/api-docs/openapi.json')}">The same as an OpenAPI document.</a></p>
${sections}`;
}

function section(endpoint: Endpoint): string {
  const facts = [tokenSentence[endpoint.auth], permissionSentence(endpoint), factorSentence(endpoint)].filter(
    (sentence) => sentence !== '',
  );
  return `<h2><code>${endpoint.method.toUpperCase()} ${escapeHtml(endpoint.path)}</code></h2>
<p>${escapeHtml(endpoint.summary)}</p>
<p>${escapeHtml(facts.join(' '))}</p>
${schemaBlock('Query', endpoint.query)}${schemaBlock('Body', endpoint.body)}${schemaBlock('Answer', endpoint.answer)}`;
}

function factorSentence({ twoFactor, twoFactorFor }: Endpoint): string {
  if (twoFactor !== undefined) return 'A second factor is asked.';
  return twoFactorFor === undefined ? '' : 'For some of it a second factor is asked.';
}

const tokenSentence: Readonly<Record<Endpoint['auth'], string>> = {
  none: 'No token is needed.',
  optional: 'A token may be shown.',
  token: 'A token is needed.',
};

function permissionSentence({ permission }: Endpoint): string {
  if (permission === undefined) return '';
  return 'all' in permission
    ? `Permission: ${permission.all.join(' and ')}.`
    : `Permission: ${permission.any.join(' or ')}.`;
}

function schemaBlock(name: string, schema: Endpoint['answer'] | undefined): string {
  if (schema === undefined) return '';
  return `<p>${name}</p>\n<pre tabindex="0">${escapeHtml(JSON.stringify(schema, null, 2))}</pre>\n`;
}
