import type { ConfigurableService, SetupStep } from '../../core/external-login/setup.ts';
import type { Clock } from '../../core/ports.ts';
import type { Settings } from '../../core/setting/settings.ts';
import { isLoopback } from '../../lib/loopback.ts';
import type { Outbound } from '../../lib/outbound.ts';
import { usableCertificates } from '../saml/certificates.ts';
import { type SamlOptions, samlOptions } from '../saml/options.ts';
import { reach } from './reach.ts';

/** A certificate that ends so soon is told before it does. */
const soonMs = 30 * 86_400_000;

/** Goes through the set-up of SAML: the identity provider itself can be asked for nothing without a person. */
export async function examineSaml(
  { settings, outbound, clock }: { readonly settings: Settings; readonly outbound: Outbound; readonly clock: Clock },
  { on }: ConfigurableService,
): Promise<readonly SetupStep[]> {
  const steps: SetupStep[] = [
    { step: 'on', held: on, told: on ? 'It is switched on.' : 'It is switched off: nobody signs in by it.' },
  ];
  let options: SamlOptions;
  try {
    options = samlOptions(settings);
  } catch (cause) {
    return [...steps, { step: 'settings', held: false, told: cause instanceof Error ? cause.message : '' }];
  }
  const { entryPoint } = options;
  return [
    ...steps,
    ...ownAddresses(options),
    certificateStep(options, clock.now()),
    entryPoint === ''
      ? { step: 'entry-point', held: false, told: 'SAML_Custom_Default_entry_point is not set.' }
      : await entryStep(outbound, entryPoint),
  ];
}

function ownAddresses({ consumer, logout, entityId, name }: SamlOptions): readonly SetupStep[] {
  const url = URL.parse(consumer);
  const held = url?.protocol === 'https:' || isLoopback(url?.hostname ?? '');
  const metadata = `${url?.origin ?? ''}${(url?.pathname ?? '').replace(/\/validate\/[^/]*$/u, '/metadata/')}${name}`;
  const told = `The provider must know ${consumer} (answers) and ${logout} (sign-out)`;
  return [
    { step: 'callback', held, told: held ? told : `${told} – over plain HTTP: see Site_Url.` },
    { step: 'metadata', held: true, told: `Our metadata, with the entity id ${entityId}, is at ${metadata}` },
  ];
}

function certificateStep({ certificates }: SamlOptions, now: number): SetupStep {
  const step = 'certificate';
  const { problem, endsAt } = usableCertificates(certificates, now);
  if (problem !== undefined || endsAt === undefined) return { step, held: false, told: problem ?? '' };
  const ends = `It ends on ${new Date(endsAt).toISOString()}`;
  return { step, held: true, told: endsAt - now > soonMs ? `${ends}.` : `${ends}: ask the provider for the next one.` };
}

async function entryStep(outbound: Outbound, entryPoint: string): Promise<SetupStep> {
  const step = 'entry-point';
  const url = URL.parse(entryPoint);
  if (url?.protocol !== 'https:' && !isLoopback(url?.hostname ?? '')) {
    return {
      step,
      held: false,
      told: 'The address for signing in is over plain HTTP: passwords would be typed there.',
    };
  }
  return await reach(outbound, step, { url: entryPoint, chosenBy: 'operator' });
}
