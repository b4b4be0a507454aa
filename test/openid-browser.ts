import assert from 'node:assert/strict';

/** A page that a browser has come to. */
export interface Landed {
  readonly url: URL;
  readonly status: number;
  readonly text: string;
  readonly headers: Headers;
}

interface Cookie {
  readonly name: string;
  readonly value: string;
  readonly host: string;
  readonly path: string;
}

/**
 * A browser without a window: it keeps cookies, follows redirects and pages that lead on by themselves, and sends forms as
 * a browser would. It stops before an address that an application waits at.
 */
export class HandBrowser {
  readonly #cookies = new Map<string, Cookie>();
  readonly #stopsAt: readonly string[];

  /** @param stopsAt beginnings of addresses that are not asked for */
  constructor(...stopsAt: readonly string[]) {
    this.#stopsAt = stopsAt;
  }

  cookie(name: string): string | undefined {
    return [...this.#cookies.values()].find((one) => one.name === name)?.value;
  }

  forget(name: string): void {
    for (const [key, one] of this.#cookies) if (one.name === name) this.#cookies.delete(key);
  }

  async go(address: string | URL): Promise<Landed> {
    return await this.#follow(new URL(address), { method: 'GET' });
  }

  /** Sends a form of the page. @param which the form, counted from 0 */
  async send(
    from: Landed,
    fields: Readonly<Record<string, string>>,
    which = 0,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<Landed> {
    const form = [...from.text.matchAll(/<form\b([^>]*)>([\s\S]*?)<\/form>/gu)][which];
    assert.ok(form !== undefined, `no form on ${from.url.href}: ${from.text}`);
    const [, attributes = '', inside = ''] = form;
    const action = /action="([^"]*)"/u.exec(attributes)?.[1];
    const all = new URLSearchParams();
    for (const [tag] of inside.matchAll(/<input\b[^>]*>/gu)) {
      const name = /name="([^"]*)"/u.exec(tag)?.[1];
      if (name === undefined || !/type="hidden"/u.test(tag)) continue;
      all.set(name, unescaped(/value="([^"]*)"/u.exec(tag)?.[1] ?? ''));
    }
    for (const [name, value] of Object.entries(fields)) all.set(name, value);
    const to = action === undefined ? from.url : new URL(unescaped(action), from.url);
    return await this.#follow(to, {
      method: 'POST',
      body: all,
      headers: { 'sec-fetch-site': 'same-origin', 'origin': from.url.origin, ...headers },
    });
  }

  async #follow(first: URL, request: { method: string; body?: URLSearchParams; headers?: Record<string, string> }) {
    let url = first;
    let asked = request;
    for (let hops = 0; hops < 20; hops += 1) {
      if (this.#stopsAt.some((start) => url.href.startsWith(start))) {
        return { url, status: 0, text: '', headers: new Headers() };
      }
      const cookie = this.#cookiesFor(url);
      const response = await fetch(url, {
        method: asked.method,
        ...(asked.body === undefined ? {} : { body: asked.body }),
        headers: { 'accept': 'text/html', ...asked.headers, ...(cookie === '' ? {} : { cookie }) },
        redirect: 'manual',
      });
      this.#keep(url, response.headers.getSetCookie());
      const text = await response.text();
      const location = response.headers.get('location') ?? refresh(text);
      if (location === undefined) return { url, status: response.status, text, headers: response.headers };
      url = new URL(location, url);
      asked = { method: 'GET' };
    }
    throw new Error(`no end of redirects at ${url.href}`);
  }

  #cookiesFor(url: URL): string {
    return [...this.#cookies.values()]
      .filter(
        ({ host, path }) =>
          host === url.hostname && (path === '/' || url.pathname === path || url.pathname.startsWith(`${path}/`)),
      )
      .map(({ name, value }) => `${name}=${value}`)
      .join('; ');
  }

  #keep(url: URL, given: readonly string[]): void {
    for (const text of given) {
      const [pair = '', ...attributes] = text.split(';').map((part) => part.trim());
      const at = pair.indexOf('=');
      const [name, value] = [pair.slice(0, at), pair.slice(at + 1)];
      const attribute = (wanted: string): string | undefined =>
        attributes.find((one) => one.toLowerCase().startsWith(`${wanted}=`))?.slice(wanted.length + 1);
      const path = attribute('path') ?? '/';
      const key = `${url.hostname} ${path} ${name}`;
      const expires = attribute('expires');
      const isOver = attribute('max-age') === '0' || (expires !== undefined && Date.parse(expires) < Date.now());
      if (isOver) this.#cookies.delete(key);
      else this.#cookies.set(key, { name, value, host: url.hostname, path });
    }
  }
}

function refresh(text: string): string | undefined {
  const found = /<meta http-equiv="refresh" content="0; url=([^"]*)">/u.exec(text)?.[1];
  return found === undefined ? undefined : unescaped(found);
}

function unescaped(text: string): string {
  return text
    .replace(/&#(\d+);/gu, (_all, code: string) => String.fromCharCode(Number(code)))
    .replaceAll('&quot;', '"')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&');
}
