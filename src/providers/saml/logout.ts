import type { SamlEnding, SamlMessage } from '../../core/external-login/saml.ts';
import { childrenOf, onlyChild, readXml, type XmlElement } from '../xml.ts';
import { issuerOf } from './assertion.ts';
import { usableCertificates } from './certificates.ts';
import { personOf, sessionOf } from './identity.ts';
import { names } from './names.ts';
import type { SamlOptions } from './options.ts';
import { signedQuery } from './redirect.ts';
import { bytesOf, refused, textOf } from './refusal.ts';
import { mustHaveFitSignatures, verified } from './signature.ts';
import { isWithin, momentOf } from './times.ts';

/** So long a message about signing out is good, beside what clocks differ. */
const lifeMs = 300_000;
/** Clocks that go a little ahead are common, and nothing is opened here. */
const aheadMs = 60_000;

/** Whom a request to sign out speaks of. @throws Fault `provider-refused`, XmlError */
export async function endingOf(message: SamlMessage, options: SamlOptions, now: number): Promise<SamlEnding> {
  const root = await signedRoot(message, 'LogoutRequest', options, now);
  if (!isWithin({ attributes: root.attributes }, now, options.driftMs).held) throw refused('The request is over.');
  const nameId = onlyChild(root, 'NameID', names.assertion)?.text.trim() ?? '';
  if (nameId === '') throw refused('The request names nobody.');
  const sessions = childrenOf(root, 'SessionIndex', names.protocol).map(({ text }) => sessionOf(nameId, text.trim()));
  return {
    requestId: root.attributes.get('ID') ?? '',
    sessions,
    ofPerson: personOf(nameId),
    endsAt: momentOf(root.attributes.get('IssueInstant') ?? '') + lifeMs + options.driftMs,
  };
}

/** Which request of ours is answered, whatever the answer is. @throws Fault `provider-refused`, XmlError */
export async function endedOf(message: SamlMessage, options: SamlOptions, now: number): Promise<string> {
  const root = await signedRoot(message, 'LogoutResponse', options, now);
  const answered = root.attributes.get('InResponseTo') ?? '';
  if (answered === '') throw refused('The response answers no request.');
  return answered;
}

/** The message as it was signed: unsigned ones are always refused (providers.md §10). */
async function signedRoot(
  message: SamlMessage,
  kind: 'LogoutRequest' | 'LogoutResponse',
  options: SamlOptions,
  now: number,
): Promise<XmlElement> {
  const { pems, problem } = usableCertificates(options.certificates, now);
  if (problem !== undefined) throw refused(problem);
  const root =
    message.binding === 'redirect'
      ? await readXml(
          textOf(
            signedQuery(message.query, message.kind === 'request' ? 'SAMLRequest' : 'SAMLResponse', pems, options),
          ),
        )
      : await signedForm(message.encoded, kind, pems, options, now);
  mustBeMeant(root, kind, options, now);
  return root;
}

/** Checks for whom and for when a message says that it is. @throws Fault `provider-refused` */
function mustBeMeant(root: XmlElement, kind: string, options: SamlOptions, now: number): void {
  const { attributes } = root;
  if (root.name !== kind || root.namespace !== names.protocol) throw refused(`The message is no ${kind}.`);
  if (attributes.get('Version') !== '2.0' || (attributes.get('ID') ?? '') === '') {
    throw refused('The message has no ID.');
  }
  issuerOf(root, options);
  const destination = attributes.get('Destination')?.replace(/\/$/u, '');
  if (destination !== options.logout.replace(/\/$/u, '')) throw refused('The message was sent to another destination.');
  const at = momentOf(attributes.get('IssueInstant') ?? '');
  const isNow = at <= now + aheadMs + options.driftMs && now < at + lifeMs + options.driftMs;
  if (!isNow) throw refused('The message is too old, or of a clock that differs.');
}

async function signedForm(
  encoded: string,
  kind: 'LogoutRequest' | 'LogoutResponse',
  pems: readonly string[],
  options: SamlOptions,
  now: number,
): Promise<XmlElement> {
  const xml = textOf(bytesOf(encoded));
  const root = await readXml(xml);
  mustHaveFitSignatures(root, [root], options.hash);
  // Anybody can post: what costs much comes after what costs little. What is signed is looked at again by the caller.
  mustBeMeant(root, kind, options, now);
  const signed = await verified(xml, [kind], pems);
  if (signed === undefined) throw refused('No valid SAML Signature found');
  return signed.element;
}
