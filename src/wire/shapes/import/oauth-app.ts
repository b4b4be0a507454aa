import type { NewApplication } from '../../../core/administration/bring-in-application.ts';
import type { Finding } from '../../../core/administration/newcomer.ts';
import { plainOptions } from '../../../core/application/application.ts';
import { type Document, idOf, Members } from './value.ts';

/** The secret that every Rocket.Chat gives to its application for Zapier: it stands in its sources. */
const publishedSecret = 'RTK6TlndaCIolhQhZ7_KHIGOKj41RnlaOq_o-7JKwLr';

/**
 * A document of `rocketchat_oauth_apps`: a third-party application, with its secret in clear (providers.md §8.2). One
 * whose secret everybody knows comes in closed.
 * @returns undefined where something of it cannot be read
 */
export function readOauthApp(document: Document): NewApplication | undefined {
  const findings: Finding[] = [];
  const app = new Members(document, findings);
  const id = idOf(document);
  const [name, clientId, clear] = [app.text('name'), app.text('clientId', 100), app.text('clientSecret', 512)];
  const [active, redirects] = [app.flag('active'), app.text('redirectUri', 250_000)];
  if (id === undefined || name === undefined || clientId === undefined || clear === undefined) return undefined;
  if (active === undefined || redirects === undefined) return undefined;
  const creator = app.members('_createdBy');
  const creatorId = creator?.text('_id', 100);
  const isPublished = clear === publishedSecret;
  return {
    id,
    clientId,
    name,
    active: active && !isPublished,
    redirects: [redirects],
    options: plainOptions,
    creator: creatorId === undefined ? undefined : { id: creatorId, username: creator?.text('username') },
    createdAt: app.moment('_createdAt'),
    secret: { clear },
    findings: active && isPublished ? [{ level: 'left-out', reason: 'secret-published', part: 'active' }] : [],
  };
}
