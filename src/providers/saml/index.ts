import type { Saml, SamlJudgement, SamlProvider } from '../../core/external-login/saml.ts';
import type { Clock, Random } from '../../core/ports.ts';
import type { Settings } from '../../core/setting/settings.ts';
import { usableCertificates } from './certificates.ts';
import { identityOf, rolesOf } from './identity.ts';
import { endedOf, endingOf } from './logout.ts';
import { authnRequest, logoutRequest, logoutResponse, ownMetadata } from './messages.ts';
import { sourceOf } from './metadata.ts';
import { type SamlOptions, samlOptions } from './options.ts';
import { redirectTo } from './redirect.ts';
import { refusing } from './refusal.ts';
import { judgeResponse } from './response.ts';

/** What SAML is made of. */
export interface SamlParts {
  readonly settings: Settings;
  readonly clock: Clock;
  readonly random: Pick<Random, 'id'>;
}

/** The SAML provider of the settings, which are looked at each time (providers.md §5). */
export function samlOf(parts: SamlParts): Saml {
  const { settings } = parts;
  const read = (): SamlOptions | string => {
    try {
      const options = samlOptions(settings);
      if (options.entryPoint === '') return 'The address for signing in is missing.';
      if (options.certificates.length === 0) return 'No certificate of the identity provider is set.';
      return options;
    } catch (cause) {
      return cause instanceof Error ? cause.message : String(cause);
    }
  };
  return {
    current: () => {
      const options = settings.get('SAML_Custom_Default') ? read() : '';
      return typeof options === 'string' ? undefined : providerOf(options, parts);
    },
    state: () => {
      if (!settings.get('SAML_Custom_Default')) return undefined;
      const options = read();
      if (typeof options === 'string') return { problem: options, certificateEndsAt: undefined };
      const { problem, endsAt } = usableCertificates(options.certificates, parts.clock.now());
      return { problem, certificateEndsAt: endsAt };
    },
    metadata: (name) => {
      if (settings.get('SAML_Custom_Default_provider').trim() !== name) return undefined;
      try {
        return ownMetadata(samlOptions(settings));
      } catch {
        // What cannot be read is told as soon as it is switched on.
        return undefined;
      }
    },
    read: async (text) => await sourceOf(text, parts.clock.now()),
  };
}

function providerOf(options: SamlOptions, { settings, clock, random }: SamlParts): SamlProvider {
  const { endingAddress } = options;
  const now = (): number => clock.now();
  const judge: SamlProvider['judge'] = async (encoded, mustBeAsked): Promise<SamlJudgement> => {
    const statement = await judgeResponse(encoded, options, now(), mustBeAsked);
    const { identity, otherSubjects } = identityOf(statement, options);
    const roles = rolesOf(statement, options);
    return {
      assertionId: statement.id,
      issuer: statement.issuer,
      requestId: statement.requestId,
      endsAt: statement.endsAt,
      identity: 'problem' in identity ? identity : { ...identity, firstRoles: roles ?? options.firstRoles },
      otherSubjects,
      roles,
      syncsRoles: options.syncsRoles,
      generatesUsername: options.generatesUsername,
    };
  };
  return {
    name: options.name,
    published: publishedOf(settings, options),
    takesUninvited: options.takesUninvited,
    endsThere: settings.get('SAML_Custom_Default_logout_behaviour') === 'SAML' && endingAddress !== undefined,
    // An id of XML begins with a letter; tokens of some clients begin with a digit.
    requestIdOf: (token) => (/^[A-Za-z_]/u.test(token) ? token : `id-${token}`),
    leave: (requestId) =>
      redirectTo(options.entryPoint, 'SAMLRequest', authnRequest(requestId, options, now()), options.name, options),
    judge: async (encoded, mustBeAsked) => await refusing(async () => await judge(encoded, mustBeAsked)),
    endingAddress,
    end: (requestId, facts) => {
      const { nameId, nameFormat, sessionIndex } = facts;
      if (endingAddress === undefined || nameId === undefined) return undefined;
      const request = logoutRequest(requestId, options, endingAddress, now(), { nameId, nameFormat, sessionIndex });
      return redirectTo(endingAddress, 'SAMLRequest', request, options.name, options);
    },
    readEnding: async (message) => await refusing(async () => await endingOf(message, options, now())),
    readEnded: async (message) => await refusing(async () => await endedOf(message, options, now())),
    answerEnding: (to, found, relayState) => {
      if (endingAddress === undefined) return undefined;
      const response = logoutResponse(`id-${random.id()}`, options, endingAddress, now(), { to, found });
      return redirectTo(endingAddress, 'SAMLResponse', response, relayState, options);
    },
  };
}

/** What a log-in screen needs, and no key. */
function publishedOf({ get }: Settings, options: SamlOptions): Readonly<Record<string, unknown>> {
  return {
    buttonLabelText: get('SAML_Custom_Default_button_label_text'),
    buttonLabelColor: get('SAML_Custom_Default_button_label_color'),
    buttonColor: get('SAML_Custom_Default_button_color'),
    clientConfig: { provider: options.name },
    entryPoint: options.entryPoint,
    idpSLORedirectURL: options.endingAddress ?? '',
    issuer: options.entityId,
    logoutBehaviour: get('SAML_Custom_Default_logout_behaviour'),
  };
}
