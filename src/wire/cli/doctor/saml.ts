import type { SamlState } from '../../../core/external-login/saml.ts';
import type { Moment } from '../../../core/ports.ts';
import { type Check, subject } from './check.ts';

const soonMs = 30 * 86_400_000;

/** Whether people can sign in by way of SAML, and for how long; nothing while it is switched off. */
export function samlChecks(state: SamlState | undefined, now: Moment): readonly Check[] {
  if (state === undefined) return [];
  const { ok, warn, fail } = subject('saml', 'SAML');
  const { problem, certificateEndsAt } = state;
  const advice = 'Take over the metadata of the identity provider: countersign saml import-metadata.';
  if (problem !== undefined) return [fail(`Nobody can sign in with SAML: ${problem}`, advice)];
  const day = new Date(certificateEndsAt ?? now).toISOString().slice(0, 10);
  const found = `The certificate of the identity provider is good until ${day}.`;
  return [(certificateEndsAt ?? now) - now < soonMs ? warn(found, advice) : ok(found)];
}
