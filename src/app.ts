import { accountCases } from './app/account.ts';
import { applicationCases } from './app/application.ts';
import { avatarCases } from './app/avatar.ts';
import { blockCases } from './app/block.ts';
import { browserFlowCases } from './app/browser-flow.ts';
import { directoryCases } from './app/directory.ts';
import { directorySignInCases } from './app/directory-sign-in.ts';
import { externalCases } from './app/external.ts';
import { factorCases } from './app/factor.ts';
import { figureCases } from './app/figure.ts';
import { hostCases } from './app/host.ts';
import { identityCases } from './app/identity.ts';
import { importCases } from './app/import.ts';
import { mailCases } from './app/mail.ts';
import { movingCases } from './app/moving.ts';
import { needsOf } from './app/needs.ts';
import { openIdCases } from './app/openid.ts';
import { pageCases } from './app/page.ts';
import type { Parts } from './app/parts.ts';
import { passkeyCases } from './app/passkey.ts';
import { permissionCases } from './app/permission.ts';
import { personalTokenCases } from './app/personal-token.ts';
import { recoveryCases } from './app/recovery.ts';
import { registrationCases } from './app/registration.ts';
import { roleCases } from './app/role.ts';
import { casCases, samlCases } from './app/saml.ts';
import { sessionCases } from './app/session.ts';
import { sessionsCases } from './app/sessions.ts';
import { settingCases } from './app/setting.ts';
import { setupCases } from './app/setup.ts';
import type { Hasher } from './core/password/hasher.ts';

export type { Parts } from './app/parts.ts';

/** The product's public face: each use-case, already given what it needs. Doors speak to nothing else. */
export type App = ReturnType<typeof createApp>;

/** @param parts what the product is made of */
export function createApp(parts: Parts) {
  const needs = needsOf(parts);
  const { checks, clock, hasher, permissions, presence, settings, store, trail } = needs;

  return {
    clock,
    settings,
    permissions,
    presence,
    events: store.events,
    audit: trail,
    /** Counts that all nodes share, see `CallCounts`. */
    counts: store.counts,
    /** For metrics: what waits for a hash, and how many tokens were checked since the start. */
    load: (): ReturnType<Hasher['load']> => hasher.load(),
    checks: (): Readonly<typeof checks> => checks,
    session: sessionCases(needs),
    external: externalCases(needs),
    /** How providers are set up, and whether that works. */
    setup: setupCases(needs),
    directory: { ...directoryCases(needs), ...directorySignInCases(needs) },
    saml: samlCases(needs),
    cas: casCases(needs),
    /** The identities of an account at providers. */
    identity: identityCases(needs),
    /** Sign-ins at providers that this server leads browsers through. */
    browserFlow: browserFlowCases(needs),
    factor: factorCases(needs),
    passkey: passkeyCases(needs),
    personalToken: personalTokenCases(needs),
    /** What is known of sessions, and ending one of them. */
    sessions: sessionsCases(needs),
    account: accountCases(needs),
    /** Other services whose people sign in here. */
    application: applicationCases(needs),
    avatar: avatarCases(needs),
    registration: registrationCases(needs),
    recovery: recoveryCases(needs),
    setting: settingCases(needs),
    block: blockCases(needs),
    /** The outbox, as administrators see it. */
    mail: mailCases(needs),
    /** Numbers for the dashboard. */
    figure: figureCases(needs),
    role: roleCases(needs),
    permission: permissionCases(needs),
    page: pageCases(needs),
    openId: openIdCases(needs),
    /** For whoever holds the host: the command line and the first start. No permission is asked. */
    host: hostCases(needs),
    /** Administrators send a file, and bring in whom it tells of. */
    import: importCases(needs),
    /** For whoever holds the host: people move in, and out. */
    moving: movingCases(needs),
  };
}
