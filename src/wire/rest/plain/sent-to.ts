import type { App } from '../../../app.ts';
import type { PlainAnswer } from './plain-route.ts';

/** The address of a place that `returnAddress` has let through. */
export function addressOf(app: App, returnTo: string): string {
  return returnTo.startsWith('/') ? `${rootOf(app)}${returnTo}` : returnTo;
}

/** Sends a browser on, and tells nobody where it came from. */
export function sentTo(address: string, cookie?: string, status = 302): PlainAnswer {
  return {
    status,
    text: '',
    headers: {
      'Location': address,
      'Referrer-Policy': 'no-referrer',
      ...(cookie === undefined ? {} : { 'Set-Cookie': cookie }),
    },
  };
}

function rootOf({ settings }: App): string {
  return settings.get('Site_Url').replace(/\/+$/u, '');
}
