import type { Role } from '../../../src/client/index.ts';
import { CheckField } from '../../parts/field.tsx';
import { usePerson } from '../../person.ts';
import { people as words } from '../../words/people.ts';

const prefix = 'role.';

/** The role above whose holders nobody ranks. */
export const administratorRole = 'admin';

/** The roles that somebody has, to be ticked. @param mayGive whether any can be given here at all */
export function RoleChecks({
  roles,
  held,
  mayGive,
}: {
  readonly roles: readonly Role[];
  readonly held: readonly string[];
  readonly mayGive: boolean;
}) {
  const { may } = usePerson();
  return (
    <fieldset class="fields">
      <legend>{words.say('roles')}</legend>
      {mayGive ? null : <p class="quiet">{words.say('rolesFixed')}</p>}
      <div class="pick pick--all">
        {roles
          .filter(({ scope }) => scope === 'Users')
          .map(({ _id, name, description }) => {
            const isKept = _id === administratorRole && !may('assign-admin-role');
            return (
              <CheckField
                key={_id}
                label={<bdi>{name}</bdi>}
                name={`${prefix}${_id}`}
                defaultChecked={held.includes(_id)}
                disabled={!mayGive || isKept}
                {...(isKept && mayGive
                  ? { hint: words.say('refusedAdmin') }
                  : description === '' || description.toLowerCase() === name.toLowerCase()
                    ? {}
                    : { hint: <bdi>{description}</bdi> })}
              />
            );
          })}
      </div>
    </fieldset>
  );
}

/** The roles that are ticked, and those of rooms, which are not asked here. */
export function tickedRoles(
  roles: readonly Role[],
  held: readonly string[],
  values: Readonly<Record<string, string>>,
): readonly string[] {
  const asked = new Set(roles.filter(({ scope }) => scope === 'Users').map(({ _id }) => _id));
  const ticked = [...asked].filter((id) => values[`${prefix}${id}`] === 'on');
  // In the order in which they were given.
  return [...held.filter((id) => !asked.has(id) || ticked.includes(id)), ...ticked.filter((id) => !held.includes(id))];
}
