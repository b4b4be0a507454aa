import type { ConfigurableService, SetupStep } from '../../core/external-login/setup.ts';
import { type CustomService, customIdOf } from '../../core/setting/custom-service.ts';
import type { Settings } from '../../core/setting/settings.ts';
import { isLoopback } from '../../lib/loopback.ts';
import { OutboundError } from '../../lib/outbound.ts';
import { customProviders } from '../custom.ts';
import type { Discovered, Place } from '../discovery.ts';
import { publicKeysIn } from '../key-set.ts';
import type { MadeProvider, ProviderParts } from '../kind.ts';
import { kinds } from '../kinds.ts';
import { freshProvider, kindNames } from './list.ts';
import { reach, shownAddress, troubleOf } from './reach.ts';
import { secretStep } from './secret.ts';
import { asIfWhole, idsOf, isClientPart, unsetAddress } from './whole.ts';

/** A service of OAuth, and what is set of it. */
interface Examined {
  /** As if it were whole; undefined where an address cannot be one. */
  readonly provider: MadeProvider | undefined;
  /** The ids of what is missing of id and secret. */
  readonly missing: readonly string[];
  /** The addresses that stand in settings of their own. */
  readonly own: Partial<Record<PlaceName, string>>;
  /** What is set and acted on by nobody, as steps. */
  readonly idle: readonly SetupStep[];
}

type PlaceName = 'authorize' | 'request_token' | 'token' | 'identity' | 'keys';

/**
 * Goes through the set-up of a service of OAuth.
 * @param parts with nothing kept from before: what was fetched a while ago says little about now
 */
export async function examineOauth(parts: ProviderParts, service: ConfigurableService): Promise<readonly SetupStep[]> {
  const examined = service.kind === 'custom' ? custom(parts, service) : builtIn(parts, service);
  const { provider, missing, idle } = examined;
  const steps: SetupStep[] = [switchStep(service), clientStep(missing), callbackStep(service), ...idle];
  if (provider === undefined) {
    return [...steps, { step: 'addresses', held: false, told: 'An address is missing, or is no web address.' }];
  }
  const issuer = provider.places?.issuer;
  const found = issuer === undefined ? undefined : await discover(parts, issuer, service.service);
  if (found !== undefined) steps.push(found.step);
  const places = placesOf(examined, found?.found);
  steps.push(
    ...(await Promise.all([
      ...(['authorize', 'request_token', 'token', 'identity'] as const).flatMap((name) => {
        const place = places[name];
        // Who must be asked by POST is; without a word in it, so that nothing can come of it.
        const isPost = name === 'token' || name === 'request_token';
        return place === undefined
          ? []
          : [reach(parts.outbound, name, place, isPost ? { method: 'POST', body: {} } : {})];
      }),
      ...(places.keys === undefined ? [] : [keysStep(parts, places.keys)]),
    ])),
  );
  const isReached = steps.every(({ step, held }) => held || !['discovery', 'token', 'request_token'].includes(step));
  if (missing.length === 0 && isReached) steps.push(await secretStep(provider, service.callback ?? ''));
  return steps;
}

function switchStep({ on }: ConfigurableService): SetupStep {
  return { step: 'on', held: on, told: on ? 'It is switched on.' : 'It is switched off: nobody signs in by it.' };
}

function clientStep(missing: readonly string[]): SetupStep {
  const told = missing.length === 0 ? 'Id and secret are set.' : `Not set: ${missing.join(', ')}.`;
  return { step: 'client', held: missing.length === 0, told };
}

function callbackStep({ callbacks }: ConfigurableService): SetupStep {
  const url = URL.parse(callbacks[0] ?? '');
  const held = url?.protocol === 'https:' || isLoopback(url?.hostname ?? '');
  const told = `The provider must know: ${callbacks.join(' and ')}`;
  return { step: 'callback', held, told: held ? told : `${told} – over plain HTTP, which most refuse: see Site_Url.` };
}

function builtIn(parts: ProviderParts, { service }: ConfigurableService): Examined {
  const name = kindNames.find((one) => freshProvider(parts, one).service === service);
  if (name === undefined) return { provider: undefined, missing: [], own: {}, idle: [] };
  const { settings } = parts;
  const ids: readonly string[] = idsOf(name);
  const get = settings.get as (id: string) => unknown;
  const textOf = (id: string): string | undefined => {
    const value = ids.includes(id) ? get(id) : undefined;
    return typeof value === 'string' && value.trim() !== '' ? value.trim() : undefined;
  };
  const address = (key: string): string | undefined => textOf(`Accounts_OAuth_${name}_${key}_url`);
  const made: MadeProvider | undefined = kinds[name]({ ...parts, settings: asIfWhole(settings, name) });
  const lacksServer = Object.values(made?.places?.places ?? {}).some((url) => url?.startsWith(unsetAddress) === true);
  return {
    provider: lacksServer ? undefined : made,
    missing: ids.filter((id) => isClientPart(id).held && textOf(id) === undefined),
    own: pruned({
      authorize: address('authorize'),
      request_token: address('request_token'),
      token: address('token'),
      identity: address('identity'),
      keys: address('jwks'),
    }),
    idle: [],
  };
}

function custom(parts: ProviderParts, { service }: ConfigurableService): Examined {
  const found = parts.settings.services().find((one) => one.service === service);
  if (found === undefined) return { provider: undefined, missing: [], own: {}, idle: [] };
  const whole: CustomService = {
    ...found,
    value: (key) => {
      const value = found.value(key);
      if (key === '') return true as typeof value;
      return ((key === 'id' || key === 'secret') && value === '' ? 'unset' : value) as typeof value;
    },
  };
  const settings: Settings = { ...parts.settings, services: () => [whole] };
  return {
    provider: customProviders({ ...parts, settings })[0],
    missing: (['id', 'secret'] as const).flatMap((key) =>
      found.value(key).trim() === '' ? [customIdOf(found.name, key)] : [],
    ),
    own: {},
    idle: found.value('map_channels')
      ? [
          {
            step: 'channels',
            held: false,
            told: `${customIdOf(found.name, 'map_channels')} is on, and makes nobody a member: there are no channels here.`,
          },
        ]
      : [],
  };
}

function pruned(places: Readonly<Record<PlaceName, string | undefined>>): Examined['own'] {
  return Object.fromEntries(Object.entries(places).filter(([, url]) => url !== undefined));
}

/** What is set wins, then what the document tells. */
function placesOf({ provider, own }: Examined, found: Discovered | undefined): Partial<Record<PlaceName, Place>> {
  const set = provider?.places?.places;
  const of = (url: string | undefined, told: Place | undefined): Place | undefined =>
    url === undefined ? told : { url, chosenBy: 'operator' };
  const all: Readonly<Record<PlaceName, Place | undefined>> = {
    authorize: of(set?.authorize ?? own.authorize, found?.authorize),
    request_token: of(own.request_token, undefined),
    token: of(set?.token ?? own.token, found?.token),
    identity: of(set?.identity ?? own.identity, found?.identity),
    keys: of(set?.keys ?? own.keys, found?.keys),
  };
  return Object.fromEntries(Object.entries(all).filter(([, place]) => place !== undefined));
}

/** The document, as a sign-in reads it; and in words what is wrong with it. */
async function discover(
  { discovery, outbound }: ProviderParts,
  issuer: string,
  service: string,
): Promise<{ readonly step: SetupStep; readonly found: Discovered | undefined }> {
  const step = 'discovery';
  const url = `${issuer.replace(/\/$/u, '')}/.well-known/openid-configuration`;
  const reached = await reach(outbound, step, { url, chosenBy: 'operator' });
  if (!reached.held) return { step: reached, found: undefined };
  const shown = shownAddress(url);
  try {
    const found = await discovery.of(issuer, service);
    const lacks = (['authorize', 'token', 'keys'] as const).filter((name) => found[name] === undefined);
    if (lacks.length === 0) {
      return { step: { step, held: true, told: `${shown}: The document is as it should be.` }, found };
    }
    const told = `${shown}: The document lacks, or tells over plain HTTP, the address of: ${lacks.join(', ')}.`;
    return { step: { step, held: false, told }, found };
  } catch {
    const told = `${shown}: It is no discovery document, or calls itself by another name than ${issuer}.`;
    return { step: { step, held: false, told }, found: undefined };
  }
}

async function keysStep({ outbound }: ProviderParts, { url, chosenBy }: Place): Promise<SetupStep> {
  const step = 'keys';
  const shown = shownAddress(url);
  try {
    const { status, text } = await outbound({ url, chosenBy });
    const keys = status === 200 ? publicKeysIn(text) : undefined;
    if (keys === undefined) return { step, held: false, told: `${shown}: It is no key set.` };
    const held = keys.length > 0;
    return { step, held, told: held ? `${shown}: ${keys.length} public keys.` : `${shown}: No public key is in it.` };
  } catch (cause) {
    if (!(cause instanceof OutboundError)) throw cause;
    return { step, held: false, told: `${shown}: ${cause.answered ? 'It is no key set.' : troubleOf(cause)}` };
  }
}
