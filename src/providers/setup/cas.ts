import type { ConfigurableService, SetupStep } from '../../core/external-login/setup.ts';
import { Fault } from '../../core/fault.ts';
import type { Settings } from '../../core/setting/settings.ts';
import { isLoopback } from '../../lib/loopback.ts';
import type { Outbound } from '../../lib/outbound.ts';
import { casOf } from '../cas/index.ts';
import { reach } from './reach.ts';

/** Goes through the set-up of CAS, with a ticket that no server has given. */
export async function examineCas(
  { settings, outbound }: { readonly settings: Settings; readonly outbound: Outbound },
  { on, callback }: ConfigurableService,
): Promise<readonly SetupStep[]> {
  const get: Settings['get'] = (id) => (id === 'CAS_enabled' ? (true as never) : settings.get(id));
  const server = casOf({ settings: { ...settings, get }, outbound }).current();
  const steps: SetupStep[] = [
    { step: 'on', held: on, told: on ? 'It is switched on.' : 'It is switched off: nobody signs in by it.' },
    { step: 'callback', held: true, told: `The server must take every address that begins with ${callback ?? ''}` },
  ];
  if (server === undefined) {
    const told =
      'CAS_base_url or CAS_login_url is missing or no web address, or the first is over plain HTTP (Countersign_CAS_Plain_HTTP).';
    return [...steps, { step: 'addresses', held: false, told }];
  }
  const login = settings.get('CAS_login_url').trim();
  return [
    ...steps,
    await reach(outbound, 'login', { url: login, chosenBy: 'operator' }),
    await validateStep(async () => await server.redeem('countersign-tests-its-set-up', 'ST-made-up')),
    ...plainSteps(settings.get('CAS_base_url').trim()),
  ];
}

function plainSteps(base: string): readonly SetupStep[] {
  const url = URL.parse(base);
  if (url?.protocol !== 'http:' || isLoopback(url.hostname)) return [];
  const told = 'The server is asked over plain HTTP: whoever is on the way signs in as anybody.';
  return [{ step: 'tls', held: false, told }];
}

async function validateStep(redeem: () => Promise<unknown>): Promise<SetupStep> {
  const step = 'validate';
  try {
    await redeem();
    return { step, held: false, told: 'The server took a ticket that was made up: it must not be believed.' };
  } catch (cause) {
    if (!(cause instanceof Fault)) throw cause;
    if (cause.code === 'provider-unreachable') {
      return { step, held: false, told: 'The server did not answer about tickets: see CAS_base_url and CAS_version.' };
    }
    return { step, held: true, told: 'The server refused a ticket that was made up, as it should.' };
  }
}
