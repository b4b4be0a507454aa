import type { NewApplication } from '../../../core/administration/bring-in-application.ts';
import type { Finding } from '../../../core/administration/newcomer.ts';
import type { ApplicationOptions } from '../../../core/application/application.ts';
import { type Document, Members } from '../../shapes/import/value.ts';

/**
 * The line of an application, read as strictly as that of an account.
 * @param sameKey whether the file was written with this server's key
 * @returns undefined where something of it cannot be read: an application with less than that would do more
 */
export function readApplication(document: Document, sameKey: boolean): NewApplication | undefined {
  const findings: Finding[] = [];
  const line = new Members(document, findings);
  const [id, clientId, name] = [line.text('id', 100), line.text('clientId', 100), line.text('name')];
  const active = line.flag('active');
  const redirects = line.texts('redirects', 1_000, 3_000);
  const options = optionsOf(line.members('options'));
  const isWhole = id !== undefined && clientId !== undefined && name !== undefined && active !== undefined;
  if (!isWhole || redirects === undefined || options === undefined) return undefined;
  const creator = line.members('creator');
  const [clear, sealed] = [line.text('secret', 512), line.text('sealedSecret', 5_000)];
  const creatorId = creator?.text('id', 100);
  if (findings.length > 0) return undefined;
  return {
    id,
    clientId,
    name,
    active,
    redirects,
    options,
    creator: creatorId === undefined ? undefined : { id: creatorId, username: creator?.text('username') },
    createdAt: line.whole('createdAt'),
    secret: clear !== undefined ? { clear } : sealed !== undefined && sameKey ? { sealed } : undefined,
  };
}

function optionsOf(options: Members | undefined): ApplicationOptions | undefined {
  const publicClient = options?.flag('publicClient');
  const postLogoutRedirects = options?.texts('postLogoutRedirects', 1_000, 3_000);
  if (options === undefined || publicClient === undefined || postLogoutRedirects === undefined) return undefined;
  const [proof, permissions] = [options.text('clientProof', 50), options.texts('permissions', 1_000)];
  const isKnown = proof === undefined || proof === 'client_secret_basic' || proof === 'client_secret_post';
  // A list that cannot be read must not widen what its tokens may do.
  if (!isKnown || (options.has('permissions') && permissions === undefined)) return undefined;
  return {
    publicClient,
    postLogoutRedirects,
    permissions,
    clientProof: proof,
    backChannelLogout: options.text('backChannelLogout', 3_000),
  };
}
