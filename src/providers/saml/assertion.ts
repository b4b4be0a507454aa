import { childrenOf, onlyChild, type XmlElement } from '../xml.ts';
import type { Attributes } from './field-map.ts';
import { names } from './names.ts';
import type { SamlOptions } from './options.ts';
import { refused } from './refusal.ts';
import { isWithin, momentOf } from './times.ts';

/** What an assertion says of somebody, once it is known to be for us and for now. */
export interface Statement {
  readonly id: string;
  readonly issuer: string;
  readonly requestId: string | undefined;
  readonly endsAt: number;
  readonly nameId: string | undefined;
  readonly nameFormat: string | undefined;
  readonly sessionIndex: string | undefined;
  readonly attributes: Attributes;
}

const conditionsKnown: ReadonlySet<string> = new Set(['AudienceRestriction', 'OneTimeUse', 'ProxyRestriction']);

/**
 * Checks for whom and for when an assertion was made (SAML core §2.3–2.5, profiles §4.1.4.2).
 * @param assertion as it was signed
 * @param now in ms since 1970
 * @throws Fault `provider-refused`
 */
export function statementOf(assertion: XmlElement, options: SamlOptions, now: number): Statement {
  const { driftMs } = options;
  const id = assertion.attributes.get('ID') ?? '';
  if (id === '' || id.length > 256) throw refused('The assertion has no ID.');
  if (assertion.attributes.get('Version') !== '2.0') throw refused('The assertion is not of version 2.0.');
  const issuer = issuerOf(assertion, options);
  const confirmed = confirmationOf(assertion, options, now);
  const endsAt = Math.min(conditionsOf(assertion, options, now), confirmed.endsAt) + driftMs;
  const statements = childrenOf(assertion, 'AuthnStatement', names.assertion);
  const [statement] = statements;
  if (statement === undefined) throw refused('The assertion tells of no sign-in.');
  for (const { attributes } of statements) {
    const over = attributes.get('SessionNotOnOrAfter');
    if (over !== undefined && !(now - driftMs < momentOf(over))) {
      throw refused('NotBefore / NotOnOrAfter assertion failed');
    }
  }
  return {
    id,
    issuer,
    ...confirmed,
    endsAt,
    sessionIndex: statement.attributes.get('SessionIndex'),
    attributes: attributesOf(assertion),
  };
}

/** Who has issued it. @throws Fault `provider-refused` where it is nobody, or not whom the settings name */
export function issuerOf(element: XmlElement, { providerId }: Pick<SamlOptions, 'providerId'>): string {
  const found = childrenOf(element, 'Issuer', names.assertion);
  if (found.length > 1) throw refused('Too many Issuers');
  const issuer = found[0]?.text.trim() ?? '';
  if (issuer === '') throw refused('The message names no issuer.');
  if (providerId !== undefined && issuer !== providerId) throw refused('The message is of another issuer.');
  return issuer;
}

function confirmationOf(
  assertion: XmlElement,
  { consumer, driftMs }: SamlOptions,
  now: number,
): Pick<Statement, 'requestId' | 'endsAt' | 'nameId' | 'nameFormat'> {
  const subject = onlyChild(assertion, 'Subject', names.assertion);
  if (subject === undefined) throw refused('The assertion speaks of nobody.');
  const nameId = onlyChild(subject, 'NameID', names.assertion);
  if (nameId !== undefined && nameId.children.length > 0) throw refused('The name holds other elements.');
  const data = childrenOf(subject, 'SubjectConfirmation', names.assertion)
    .filter(({ attributes }) => attributes.get('Method') === names.bearer)
    .flatMap((confirmation) => onlyChild(confirmation, 'SubjectConfirmationData', names.assertion) ?? []);
  const ours = data.filter(({ attributes }) => attributes.get('Recipient') === consumer);
  if (ours.length === 0) throw refused('The assertion was made for another recipient.');
  const timely = ours.find((one) => one.attributes.has('NotOnOrAfter') && isWithin(one, now, driftMs).held);
  if (timely === undefined) throw refused('NotBefore / NotOnOrAfter assertion failed');
  const name = nameId?.text.trim() ?? '';
  return {
    requestId: timely.attributes.get('InResponseTo'),
    endsAt: momentOf(timely.attributes.get('NotOnOrAfter') ?? ''),
    nameId: name === '' || name.length > 500 ? undefined : name,
    nameFormat: nameId?.attributes.get('Format'),
  };
}

/** @returns when they end; endless where they do not say */
function conditionsOf(assertion: XmlElement, { audience, driftMs }: SamlOptions, now: number): number {
  const conditions = onlyChild(assertion, 'Conditions', names.assertion);
  if (conditions === undefined) throw refused('The assertion says nothing of its audience.');
  if (!isWithin(conditions, now, driftMs).held) throw refused('NotBefore / NotOnOrAfter assertion failed');
  for (const { name, namespace } of conditions.children) {
    if (namespace !== names.assertion || !conditionsKnown.has(name)) {
      throw refused('The assertion sets a condition that is not known here.');
    }
  }
  const restrictions = childrenOf(conditions, 'AudienceRestriction', names.assertion);
  const isForUs = (restriction: XmlElement): boolean =>
    childrenOf(restriction, 'Audience', names.assertion).some(({ text }) => text.trim() === audience);
  if (restrictions.length === 0 || !restrictions.every(isForUs)) {
    throw refused('The assertion was made for another audience.');
  }
  const over = conditions.attributes.get('NotOnOrAfter');
  return over === undefined ? Number.POSITIVE_INFINITY : momentOf(over);
}

function attributesOf(assertion: XmlElement): Attributes {
  const attributes = new Map<string, readonly string[]>();
  for (const statement of childrenOf(assertion, 'AttributeStatement', names.assertion)) {
    for (const attribute of childrenOf(statement, 'Attribute', names.assertion)) {
      const name = attribute.attributes.get('Name') ?? '';
      const values = childrenOf(attribute, 'AttributeValue', names.assertion).map(({ text }) => text.trim());
      attributes.set(name, [...(attributes.get(name) ?? []), ...values]);
    }
  }
  return attributes;
}
