import { createHash } from 'node:crypto';
import type { App } from '../../app.ts';

/** What clients may know of a way to sign in elsewhere (providers.md §2.1). */
export interface LoginServiceDocument {
  /** The same on every node and after every start. */
  readonly _id: string;
  readonly service: string;
  readonly [field: string]: unknown;
}

/**
 * The ways to sign in elsewhere that are switched on now, each as a list of what clients may know: the providers in their
 * own order, then SAML and CAS. A key, a certificate or a secret is never among it.
 */
export function loginServiceDocuments(app: App): readonly LoginServiceDocument[] {
  const [saml, cas] = [app.saml.current(), app.cas.current()];
  return [
    ...app.external.providers.list(),
    ...(saml === undefined ? [] : [{ service: 'saml', published: saml.published }]),
    ...(cas === undefined ? [] : [{ service: 'cas', published: cas.published }]),
  ].map(({ service, published }) => ({ ...published, _id: idOfService(service), service }));
}

/** Calls `act` after each change of the documents, of whatever node, until the returned function is called. */
export function onLoginServices(app: App, act: () => void): () => void {
  let before = JSON.stringify(loginServiceDocuments(app));
  const look = (): void => {
    const now = JSON.stringify(loginServiceDocuments(app));
    if (now === before) return;
    before = now;
    act();
  };
  const stops = [app.settings.onChange(/^/u, look), app.external.providers.onTold?.(look)];
  return () => {
    for (const stop of stops) stop?.();
  };
}

/** Characters of ids, as those of accounts have them. */
const characters = '23456789ABCDEFGHJKLMNPQRSTWXYZabcdefghijkmnopqrstuvwxyz';

/** The id of a service's document: 17 characters, made of its name alone. */
function idOfService(service: string): string {
  const bytes = createHash('sha512').update(`login service ${service}`).digest();
  return Array.from(bytes.subarray(0, 17), (byte) => characters[byte % characters.length] ?? '').join('');
}

/** Services whose documents mobile apps read whole, and whose buttons they always show. */
const alwaysShown: ReadonlySet<string> = new Set(['apple', 'saml', 'cas', 'ldap']);

/**
 * The buttons for signing in elsewhere as `settings.oauth` lists them (rest.md §16.2): whole documents of custom services
 * and a few others, six members of those that are built in. With the modern flow apps leave the buttons to the browser.
 */
export function oauthButtons(app: App): readonly Readonly<Record<string, unknown>>[] {
  const modern = app.settings.get('Accounts_OAuth_Use_Modern_Flow');
  const directory = app.settings.get('LDAP_Enable') ? [{ _id: idOfService('ldap'), service: 'ldap' }] : [];
  return [...loginServiceDocuments(app), ...directory].map((document: LoginServiceDocument) => {
    const { _id, service } = document;
    if (alwaysShown.has(service)) return { ...document, hideButtonOnMobile: false };
    if (document['custom'] === true || service === 'wordpress') return { ...document, hideButtonOnMobile: modern };
    return {
      _id,
      name: service,
      clientId: textOf(document['appId']) ?? textOf(document['clientId']) ?? textOf(document['consumerKey']) ?? '',
      buttonLabelText: textOf(document['buttonLabelText']) ?? '',
      buttonColor: textOf(document['buttonColor']) ?? '',
      buttonLabelColor: textOf(document['buttonLabelColor']) ?? '',
      custom: false,
      hideButtonOnMobile: modern,
    };
  });
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
