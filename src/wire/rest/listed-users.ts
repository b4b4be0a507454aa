import type { App } from '../../app.ts';
import type { AccountPage, AccountSortField } from '../../core/account/store.ts';
import type { Signed } from '../../core/session/token.ts';
import type { Paging } from '../shapes/paging.ts';
import { askedSort } from './list-query.ts';
import { forbidden } from './refusal.ts';

/** The members a list can be sorted by; others are passed over. */
const sortFields: ReadonlyMap<string, AccountSortField> = new Map([
  ['username', 'username'],
  ['name', 'name'],
  ['nameInsensitive', 'name'],
  ['createdAt', 'createdAt'],
  ['lastLogin', 'lastLogInAt'],
  ['active', 'open'],
]);

/** @throws Refusal 403 where a setting asks for a further permission (rest.md §11.6) */
export function mustMayList(app: App, signed: Signed): void {
  const asks = app.settings.get('API_Apply_permission_view-outside-room_on_users-list');
  if (asks && !app.permissions.held(signed, 'view-outside-room').held) throw forbidden();
}

/**
 * The order of a list of accounts. Each field has an index with the username behind it. No two others share one: all
 * accounts would be sorted anew, so only the first one counts.
 * @throws Refusal 400
 */
export function userSort(paging: Paging): AccountPage['sort'] {
  const known = askedSort(paging).flatMap(({ field, ascending }) => {
    const column = sortFields.get(field);
    return column === undefined ? [] : [{ field: column, ascending }];
  });
  return known.slice(0, 1);
}
