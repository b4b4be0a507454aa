import type { IncomingMessage, ServerResponse } from 'node:http';
import type { InteractionResults, default as Provider } from 'oidc-provider';
import type { App } from '../../app.ts';
import type { PageSigned } from '../../core/session/page-session.ts';
import type { Signed } from '../../core/session/token.ts';
import { escapeHtml } from '../shapes/escape-html.ts';
import { type Page, page } from '../shapes/page.ts';
import { isSurelyFromOurPage } from '../shapes/same-origin.ts';
import { speechOf } from '../shapes/speech.ts';
import type { WordKey } from '../shapes/words/en.ts';
import { authenticationOf } from './claims.ts';
import { errorAnswer, send } from './pages.ts';
import { readForm } from './read-form.ts';
import { currentVisit } from './visit.ts';

type Interaction = Awaited<ReturnType<Provider['interactionDetails']>>;

/** Reasons for which whoever is signed in already has to show once more who they are. */
const afresh: ReadonlySet<string> = new Set([
  'login_prompt',
  'max_age',
  'id_token_hint',
  'claims_id_token_sub_value',
  'essential_acr',
  'essential_acrs',
]);

/** What this person has not got, however often they are asked. */
const unreachable: ReadonlySet<string> = new Set(['essential_acr', 'essential_acrs']);

/** A request for `/interaction/<uid>`, where the provider waits for a person. */
export class Interactions {
  readonly #app: App;

  constructor(app: App) {
    this.#app = app;
  }

  async answer(provider: Provider, request: IncomingMessage, response: ServerResponse, uid: string): Promise<void> {
    const signed = currentVisit()?.page;
    let details: Interaction;
    try {
      details = await provider.interactionDetails(request, response);
      if (details.uid !== uid) throw new Error('The address is of another interaction.');
    } catch {
      await this.#pickUp(provider, request, response, uid, signed);
      return;
    }
    if (signed === undefined) {
      this.#sendToSignIn(provider, response, details, false);
      return;
    }
    const { accountId } = details.session ?? {};
    const isOther = accountId !== undefined && accountId !== signed.signed.account.id;
    if (isOther) await this.#restart(provider, response, details, signed);
    else if (details.prompt.name === 'login') await this.#logIn(provider, request, response, details, signed);
    else await this.#consent(provider, request, response, details, signed);
  }

  async #logIn(
    provider: Provider,
    request: IncomingMessage,
    response: ServerResponse,
    details: Interaction,
    signed: PageSigned,
  ): Promise<void> {
    const { reasons } = details.prompt;
    // Asked in this very authorization, they came with less than the application insists on.
    if (details.lastSubmission?.login !== undefined && reasons.some((reason) => unreachable.has(reason))) {
      await finish(provider, request, response, { error: 'access_denied' });
      return;
    }
    if (reasons.some((reason) => afresh.has(reason)) && !provedSince(signed, details).held) {
      this.#sendToSignIn(provider, response, details, true);
      return;
    }
    const { loginTs, acr, amr } = authenticationOf(signed);
    const { id } = signed.signed.account;
    await finish(provider, request, response, {
      login: { accountId: id, ts: loginTs, acr, amr: [...amr], remember: false },
    });
  }

  /** The session in which it was begun has ended meanwhile: whoever signs in now goes on with what the application asked. */
  async #pickUp(
    provider: Provider,
    request: IncomingMessage,
    response: ServerResponse,
    uid: string,
    signed: PageSigned | undefined,
  ): Promise<void> {
    const { cookies } = provider.createContext(request, response);
    const isOurs = cookies.get(provider.cookieName('interaction'), { signed: true }) === uid;
    const details = isOurs ? await provider.Interaction.find(uid) : undefined;
    if (details === undefined) send(response, errorAnswer(this.#app, request, 'invalid_request', 400));
    else if (signed === undefined) this.#sendToSignIn(provider, response, details, false);
    else await this.#restart(provider, response, details, signed);
  }

  /** Begins again with what the application asked, for somebody else at the same browser. */
  async #restart(
    provider: Provider,
    response: ServerResponse,
    details: Interaction,
    signed: PageSigned,
  ): Promise<void> {
    const query = new URLSearchParams();
    for (const [name, value] of Object.entries(details.params)) {
      if (typeof value === 'string') query.set(name, value);
    }
    // They have just shown who they are.
    const prompts = (query.get('prompt') ?? '').split(' ').filter((prompt) => prompt !== '' && prompt !== 'login');
    if (provedSince(signed, details).held) query.delete('prompt');
    if (provedSince(signed, details).held && prompts.length > 0) query.set('prompt', prompts.join(' '));
    await details.destroy();
    const location = `${provider.issuer}/auth?${query.toString()}`;
    response.writeHead(303, { 'Location': location, 'Cache-Control': 'no-store' }).end();
  }

  async #consent(
    provider: Provider,
    request: IncomingMessage,
    response: ServerResponse,
    details: Interaction,
    { signed }: PageSigned,
  ): Promise<void> {
    const app = this.#app;
    const found = await app.openId.client(textOf(details.params['client_id']));
    if (found === undefined) {
      send(response, errorAnswer(app, request, 'invalid_client', 400));
      return;
    }
    const { application } = found;
    const scopes = textOf(details.params['scope'])
      .split(' ')
      .filter((scope) => Object.hasOwn(toldOfScopes, scope));
    const { missingOIDCClaims: claims } = details.prompt.details as { readonly missingOIDCClaims?: readonly string[] };
    if (request.method !== 'POST') {
      send(
        response,
        this.#consentPage(request, signed, application.name, textOf(details.params['redirect_uri']), [
          ...scopes,
          ...(claims ?? []),
        ]),
      );
      return;
    }
    const form = await readForm(request);
    if (form === undefined || !isSurelyFromOurPage(app, request.headers).held) {
      send(response, errorAnswer(app, request, 'invalid_request', 403));
      return;
    }
    if (form.get('allow') !== 'yes') {
      await this.#leadOn(provider, request, response, { error: 'access_denied' });
      return;
    }
    const visit = currentVisit();
    if (visit === undefined) throw new Error('A consent was given in no request.');
    await app.openId.agree(signed, application, scopes, visit.caller);
    const before = details.grantId === undefined ? undefined : await provider.Grant.find(details.grantId);
    const { id: accountId } = signed.account;
    const isTheirs = before?.accountId === accountId && before.clientId === application.clientId;
    const grant = isTheirs ? before : new provider.Grant({ accountId, clientId: application.clientId });
    grant.addOIDCScope(scopes.join(' '));
    if (claims !== undefined) grant.addOIDCClaims([...claims]);
    await this.#leadOn(provider, request, response, { consent: { grantId: await grant.save() } });
  }

  /** Ends the interaction by a page that leads on by itself: a form's redirects may not lead to another server. */
  async #leadOn(
    provider: Provider,
    request: IncomingMessage,
    response: ServerResponse,
    result: InteractionResults,
  ): Promise<void> {
    const to = escapeHtml(
      await provider.interactionResult(request, response, result, { mergeWithLastSubmission: true }),
    );
    const speech = speechOf(this.#app, request.headers);
    const body = `<meta http-equiv="refresh" content="0; url=${to}">\n<h1>${speech.html('backToApplication')}</h1>\n<p><a href="${to}">${speech.html('goOn')}</a></p>`;
    send(response, page(this.#app, speech.say('backToApplication'), body, { speech }));
  }

  /** @param asked scopes, and claims that are asked for one by one */
  #consentPage(
    { headers }: IncomingMessage,
    { account }: Signed,
    name: string,
    redirect: string,
    asked: readonly string[],
  ): Page {
    const app = this.#app;
    const speech = speechOf(app, headers);
    const told = asked.map((one) => {
      const word = Object.hasOwn(toldOfScopes, one) ? toldOfScopes[one] : undefined;
      return word === undefined ? `<code>${escapeHtml(one)}</code>` : speech.html(word);
    });
    const username = account.username ?? '';
    const back = URL.parse(redirect)?.host ?? '';
    const where = back === '' ? '' : `\n<p>${speech.html('backTo', { place: `<code>${escapeHtml(back)}</code>` })}</p>`;
    const site = escapeHtml(app.settings.get('Site_Name'));
    const answer = page(
      app,
      speech.say('knowTitle'),
      `<h1>${speech.html('asksWho', { application: escapeHtml(name) })}</h1>
<p>${speech.html('asksFor', { site, name: `<strong>${escapeHtml(username)}</strong>` })}</p>
<ul>
${told.map((one) => `<li>${one}</li>`).join('\n')}
</ul>${where}
<form method="post">
<button name="allow" value="yes">${speech.html('allow')}</button>
<button name="allow" value="no" class="other">${speech.html('deny')}</button>
</form>`,
      { sendsForm: true, speech },
    );
    return { ...answer, headers: { ...answer.headers, 'Referrer-Policy': 'same-origin' } };
  }

  /** @param again true where somebody is signed in, and has to show once more who they are */
  #sendToSignIn(provider: Provider, response: ServerResponse, details: Interaction, again: boolean): void {
    const { login_hint: hint } = details.params;
    const query = new URLSearchParams({
      return: `/oidc/interaction/${details.uid}`,
      ...(again ? { again: '1' } : {}),
      ...(typeof hint === 'string' && hint.length <= 256 ? { user: hint } : {}),
    });
    const root = provider.issuer.slice(0, -'/oidc'.length);
    response.writeHead(303, { 'Location': `${root}/sign-in?${query.toString()}`, 'Cache-Control': 'no-store' }).end();
  }
}

/** What a person reads of each scope. */
const toldOfScopes: Readonly<Record<string, WordKey>> = {
  openid: 'scopeOpenid',
  profile: 'scopeProfile',
  email: 'scopeEmail',
  roles: 'scopeRoles',
  offline_access: 'scopeOffline',
};

async function finish(
  provider: Provider,
  request: IncomingMessage,
  response: ServerResponse,
  result: InteractionResults,
): Promise<void> {
  await provider.interactionFinished(request, response, result, { mergeWithLastSubmission: true });
}

/** Whether somebody has shown who they are since an application asked. */
function provedSince({ provedAt }: PageSigned, { iat }: Interaction): { readonly held: boolean } {
  return { held: Math.floor(provedAt / 1000) >= iat };
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
