import type { App } from '../../app.ts';
import type { KeptIdentity } from '../../core/external-login/identity.ts';
import type { SuppliedFactor } from '../../core/second-factor/gate.ts';
import type { Signed } from '../../core/session/token.ts';
import type { OwnGate } from './endpoint.ts';
import { free, moment, optional, text } from './schema.ts';

/** The members of an identity as its owner sees it. */
export const identityShape = {
  provider: text(),
  subject: text({ description: 'What the provider calls the person for ever.' }),
  facts: free({ description: 'What the provider last told, for lists: texts, and never a token.' }),
  linkedAt: moment(),
  usedAt: optional(moment()),
};

export function identityAsListed({ provider, subject, facts, linkedAt, usedAt }: KeptIdentity) {
  return {
    provider,
    subject,
    facts,
    linkedAt: new Date(linkedAt).toISOString(),
    ...(usedAt === undefined ? {} : { usedAt: new Date(usedAt).toISOString() }),
  };
}

/** The member that stands in for a second factor where those are switched off. */
export const currentPassword = optional(
  text({ maxLength: 4096, description: 'SHA-256 in hex; taken as the second factor of whoever has no other.' }),
);

/**
 * Asks for a second factor each time, or for the password in its place; of whoever has neither the change itself asks for
 * a sign-in of a short time ago.
 */
export function ownWayInGate(
  app: App,
  { account }: Signed,
  shown: string | undefined,
  supplied: SuppliedFactor,
): OwnGate | undefined {
  if (!app.identity.canBeAsked(account)) return undefined;
  const typed = shown !== undefined && shown !== '' && !app.factor.hasOwn(account).held;
  const code = typed && supplied.code === undefined ? { code: shown, method: 'password' } : supplied;
  return { options: { remember: false, always: true }, supplied: code };
}
