import { openMethod } from '../method.ts';
import { fieldOf, fieldsOf, textOf } from '../params.ts';
import { Refusal } from '../refusal.ts';

/** Sign-in services are configured by settings alone (realtime.md §10.5). */
export const configureLoginService = openMethod({
  name: 'configureLoginService',
  ignoresCaller: true,
  params: ([options]) => textOf(fieldOf(fieldsOf(options), 'service')),
  run: () => Promise.reject(new Refusal({ error: 403, reason: 'Service unknown' })),
});
