import type { ComponentChildren } from 'preact';
import { pageAt } from '../address.ts';
import { usePerson } from '../person.ts';

/** What opens the sections that others lead to; a section that asks for nothing here is open to whoever administers. */
const needs: Readonly<Record<string, string>> = {
  users: 'view-user-administration',
  blocks: 'manage-blocks',
  mail: 'view-privileged-setting',
  settings: 'view-privileged-setting',
  directory: 'view-privileged-setting',
  audit: 'view-logs',
};

/** A link to a section of the administration; whoever may not open that reads the words alone. @param id behind it */
export function AdminLink({
  to,
  id,
  children,
}: {
  readonly to: string;
  readonly id?: string;
  readonly children: ComponentChildren;
}) {
  const { may } = usePerson();
  const needed = needs[to];
  if (needed !== undefined && !may(needed)) return <>{children}</>;
  return <a href={pageAt(`/admin/${to}${id === undefined ? '' : `/${encodeURIComponent(id)}`}`)}>{children}</a>;
}
