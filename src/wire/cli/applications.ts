import type { Application } from '../../core/application/application.ts';
import { Fault } from '../../core/fault.ts';
import type { CliApp } from './needs.ts';
import { isoMoment } from './text.ts';

export const applicationArgument = { name: 'application', about: 'its client id, or its id' } as const;

/** @throws Fault `application-unknown` */
export async function namedApplication(app: CliApp, named: string): Promise<Application> {
  const found = (await app.application.host.list()).find(({ id, clientId }) => id === named || clientId === named);
  if (found === undefined) throw new Fault('application-unknown');
  return found;
}

/** An application for JSON documents, without its secret. */
export function applicationDocument(application: Application) {
  const { id, clientId, name, active, redirects, options, creator, createdAt, updatedAt } = application;
  return {
    id,
    clientId,
    name,
    active,
    redirects,
    ...options,
    creator: creator.username ?? null,
    createdAt: isoMoment(createdAt),
    updatedAt: isoMoment(updatedAt),
  };
}

/** What an operator hands to the service, and what is never shown again here. */
export function credentialsOf(app: CliApp, application: Application) {
  const { publicClient } = application.options;
  const clientSecret = publicClient ? undefined : app.application.secretOf(application);
  return {
    document: { ...applicationDocument(application), ...(clientSecret === undefined ? {} : { clientSecret }) },
    text: [
      `Client id: ${application.clientId}`,
      ...(clientSecret === undefined ? [] : [`Secret: ${clientSecret}`]),
    ].join('\n'),
  };
}
