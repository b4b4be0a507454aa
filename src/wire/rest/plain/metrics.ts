import { equalSecrets } from '../../../lib/digest.ts';
import { isLoopback } from '../../../lib/loopback.ts';
import { header } from '../admit.ts';
import type { RestConfig } from '../endpoint.ts';
import type { PlainRequest, PlainRoute } from './plain-route.ts';

/** The operator's figures: for this host itself, and for whoever shows the token of the configuration. */
export function metricsPage(config: RestConfig, render: () => string): PlainRoute {
  return {
    path: '/metrics',
    run(request) {
      if (!isFromHere(request) && !showsToken(request, config.metricsToken).held) {
        return { status: 403, text: 'Forbidden\n' };
      }
      return {
        status: 200,
        text: render(),
        headers: { 'Content-Type': 'text/plain; version=0.0.4; charset=utf-8' },
      };
    },
  };
}

/** Behind a proxy on the same host every request comes from there; what a proxy passes on is not from here. */
function isFromHere({ headers, caller, peer }: PlainRequest): boolean {
  const passedOn = ['x-forwarded-for', 'x-forwarded-host', 'x-real-ip', 'forwarded', 'via'];
  return isLoopback(peer) && isLoopback(caller.address) && passedOn.every((name) => headers[name] === undefined);
}

function showsToken({ headers }: PlainRequest, wanted: string | undefined): { readonly held: boolean } {
  const shown = header(headers, 'authorization', 1024);
  if (wanted === undefined || wanted === '' || shown === undefined) return { held: false };
  return equalSecrets(shown, `Bearer ${wanted}`);
}
