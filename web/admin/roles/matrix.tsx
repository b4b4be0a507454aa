import './roles.css';
import { useCallback, useMemo, useRef, useState } from 'preact/hooks';
import type { Permission, Role } from '../../../src/client/index.ts';
import { pageAt } from '../../address.ts';
import { client } from '../../client.ts';
import { explain } from '../../explain.ts';
import { announce } from '../../parts/announce.tsx';
import { Callout } from '../../parts/callout.tsx';
import { CheckField, Field } from '../../parts/field.tsx';
import { Icon } from '../../parts/icon.tsx';
import { Panel } from '../../parts/panel.tsx';
import { Empty } from '../../parts/states.tsx';
import { useSettled } from '../../parts/use-settled.ts';
import { usePerson } from '../../person.ts';
import { roles as words } from '../../words/roles.ts';
import { MatrixRow } from './matrix-row.tsx';
import { rolesAbove, type Why, whyNot } from './may-change.ts';
import { judged } from './refusals.ts';
import { grouped, type PermissionGroup, permissionName } from './table.ts';

/** A box of the matrix. */
interface Place {
  readonly permission: string;
  readonly role: string;
}

/** Which role holds which permission: each box is one change, made at once and taken back by pressing again. */
export function Matrix({
  roles,
  fetched,
}: {
  readonly roles: readonly Role[];
  readonly fetched: readonly Permission[];
}) {
  const person = usePerson();
  const [permissions, setPermissions] = useState(fetched);
  const [typed, setTyped] = useState('');
  const [withRooms, showRooms] = useState(false);
  const [opened, setOpened] = useState<ReadonlySet<string>>(new Set(['groupPeople', 'groupRoles', 'groupSessions']));
  const [stop, setStop] = useState<Place | undefined>(undefined);
  const [busy, setBusy] = useState<Place | undefined>(undefined);
  const [mistake, setMistake] = useState<string | undefined>(undefined);
  const table = useRef<HTMLTableElement>(null);
  const search = useSettled(typed, 150).trim().toLowerCase();
  const above = useMemo(() => rolesAbove(person, roles, fetched), [person, roles, fetched]);
  const why = useCallback(
    (permission: Permission, role: string) => whyNot(person, permission, role, permission.roles.includes(role), above),
    [person, above],
  );
  const shownRoles = useMemo(() => roles.filter(({ scope }) => withRooms || scope === 'Users'), [roles, withRooms]);
  const found = useMemo(
    () =>
      grouped(
        search === '' ? permissions : permissions.filter((one) => permissionName(one).toLowerCase().includes(search)),
      ),
    [permissions, search],
  );
  const isOpen = ({ key }: PermissionGroup): boolean => search !== '' || opened.has(key);
  const firstRow = found.find(isOpen)?.permissions[0]?._id ?? '';
  const isShown =
    stop !== undefined &&
    found.some((group) => isOpen(group) && group.permissions.some(({ _id }) => _id === stop.permission));
  const tabStop = isShown ? stop : { permission: firstRow, role: shownRoles[0]?._id ?? '' };

  const whyNotAt = ({ permission: id, role }: Place): Why | undefined => {
    const permission = permissions.find(({ _id }) => _id === id);
    return permission === undefined ? undefined : why(permission, role);
  };

  async function change({ permission: id, role }: Place): Promise<void> {
    const permission = permissions.find(({ _id }) => _id === id);
    const name = roles.find(({ _id }) => _id === role)?.name ?? role;
    if (permission === undefined || busy !== undefined) return;
    const isHeld = permission.roles.includes(role);
    const put = (holders: readonly string[]): void =>
      setPermissions((all) => all.map((one) => (one._id === id ? { ...one, roles: holders } : one)));
    setBusy({ permission: id, role });
    setMistake(undefined);
    put(isHeld ? permission.roles.filter((one) => one !== role) : [...permission.roles, role]);
    try {
      await judged(client.post(isHeld ? 'permissions.removeRole' : 'permissions.addRole', { permissionId: id, role }));
      announce(words.say(isHeld ? 'taken' : 'given', { role: name, permission: permissionName(permission) }));
    } catch (cause) {
      put(permission.roles);
      setMistake(explain(cause).text);
    } finally {
      setBusy(undefined);
      // What they may do themselves is another now.
      if (person.me.roles.includes(role)) await person.refresh();
    }
  }

  return (
    <Panel title={words.say('matrix')} about={words.say('matrixAbout')}>
      <div class="matrix__look">
        <Field
          label={words.say('search')}
          name="search"
          type="search"
          value={typed}
          autocomplete="off"
          spellcheck={false}
          onInput={({ currentTarget }) => setTyped(currentTarget.value)}
        />
        <CheckField
          label={words.say('withRooms')}
          hint={words.say('withRoomsHint')}
          name="rooms"
          checked={withRooms}
          onChange={({ currentTarget }) => showRooms(currentTarget.checked)}
        />
      </div>
      {mistake === undefined ? null : <Callout kind="danger">{mistake}</Callout>}
      {found.length === 0 ? (
        <Empty title={words.say('noneFound')} />
      ) : (
        <div class="matrix">
          <table
            ref={table}
            aria-label={words.say('matrix')}
            onClick={(event) => {
              const place = placeOf(event.target);
              if (place === undefined) return;
              setStop(place);
              const reason = whyNotAt(place);
              // The box stays as it is.
              if (reason !== undefined || busy !== undefined) event.preventDefault();
              if (reason === undefined) void change(place);
              else announce(words.say(reason));
            }}
            onKeyDown={(event) => {
              const place = placeOf(event.target);
              const next = place === undefined ? undefined : moved(table.current, place, event.key);
              if (next === undefined) return;
              event.preventDefault();
              next.focus();
              setStop(placeOf(next));
            }}
          >
            <thead>
              <tr>
                <th scope="col" class="matrix__corner">
                  {words.say('permission')}
                </th>
                {shownRoles.map(({ _id, name }) => (
                  <th key={_id} scope="col" class="matrix__role">
                    <a href={pageAt(`/admin/roles/${encodeURIComponent(_id)}`)}>
                      <bdi>{name}</bdi>
                    </a>
                  </th>
                ))}
              </tr>
            </thead>
            {found.map((group) => (
              <tbody key={group.key}>
                <tr>
                  <th scope="rowgroup" colSpan={shownRoles.length + 1} class="matrix__group">
                    <button
                      type="button"
                      class="matrix__toggle"
                      aria-expanded={isOpen(group)}
                      disabled={search !== ''}
                      onClick={() => setOpened(toggled(opened, group.key))}
                    >
                      <Icon name={isOpen(group) ? 'chevron-down' : 'chevron-right'} />
                      {words.say(group.name, { settings: group.settings })}
                      <span class="quiet">{words.say('count', { count: group.permissions.length })}</span>
                    </button>
                  </th>
                </tr>
                {isOpen(group)
                  ? group.permissions.map((permission) => (
                      <MatrixRow
                        key={permission._id}
                        permission={permission}
                        roles={shownRoles}
                        whyNot={why}
                        stop={tabStop.permission === permission._id ? tabStop.role : undefined}
                        busy={busy?.permission === permission._id ? busy.role : undefined}
                      />
                    ))
                  : null}
              </tbody>
            ))}
          </table>
        </div>
      )}
      <p class="quiet">{words.say('keys')}</p>
    </Panel>
  );
}

function toggled(opened: ReadonlySet<string>, key: string): ReadonlySet<string> {
  const next = new Set(opened);
  if (!next.delete(key)) next.add(key);
  return next;
}

function placeOf(target: EventTarget | null): Place | undefined {
  if (!(target instanceof HTMLInputElement)) return undefined;
  const { permission, role } = target.dataset;
  return permission === undefined || role === undefined ? undefined : { permission, role };
}

/** The box that an arrow key leads to; undefined for other keys. */
function moved(table: HTMLTableElement | null, place: Place, key: string): HTMLInputElement | undefined {
  const boxes = [...(table?.querySelectorAll<HTMLInputElement>('input[data-permission]') ?? [])];
  const row = boxes.filter(({ dataset }) => dataset['permission'] === place.permission);
  const column = boxes.filter(({ dataset }) => dataset['role'] === place.role);
  const [inRow, inColumn] = [row, column].map((line) =>
    line.findIndex(({ dataset }) => dataset['permission'] === place.permission && dataset['role'] === place.role),
  );
  const forward = document.documentElement.dir === 'rtl' ? -1 : 1;
  switch (key) {
    case 'ArrowRight':
      return row[(inRow ?? 0) + forward];
    case 'ArrowLeft':
      return row[(inRow ?? 0) - forward];
    case 'ArrowDown':
      return column[(inColumn ?? 0) + 1];
    case 'ArrowUp':
      return column[(inColumn ?? 0) - 1];
    case 'Home':
      return row[0];
    case 'End':
      return row.at(-1);
    default:
      return undefined;
  }
}
