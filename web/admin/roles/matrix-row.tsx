import { Component } from 'preact';
import type { Permission, Role } from '../../../src/client/index.ts';
import { roles as words } from '../../words/roles.ts';
import type { Why } from './may-change.ts';
import { permissionName } from './table.ts';

interface Props {
  readonly permission: Permission;
  readonly roles: readonly Role[];
  /** Per role why it cannot be changed; undefined where it can. */
  readonly whyNot: (permission: Permission, role: string) => Why | undefined;
  /** The role whose box the Tab key comes to; undefined in all rows but one. */
  readonly stop: string | undefined;
  /** The role whose box is being changed. */
  readonly busy: string | undefined;
}

/** A permission and who holds it. It is drawn again only when something of it has changed: there may be hundreds. */
export class MatrixRow extends Component<Props> {
  override shouldComponentUpdate(next: Readonly<Props>): boolean {
    const { permission, roles, whyNot, stop, busy } = this.props;
    return (
      next.permission !== permission ||
      next.roles !== roles ||
      next.whyNot !== whyNot ||
      next.stop !== stop ||
      next.busy !== busy
    );
  }

  override render({ permission, roles, whyNot, stop, busy }: Readonly<Props>) {
    const name = permissionName(permission);
    return (
      <tr>
        <th scope="row" class="matrix__name">
          <code dir="ltr">{name}</code>
        </th>
        {roles.map(({ _id, name: role }) => {
          const why = whyNot(permission, _id);
          return (
            <td key={_id} class="matrix__cell" title={why === undefined ? undefined : words.say(why)}>
              <input
                type="checkbox"
                checked={permission.roles.includes(_id)}
                aria-label={words.say('cell', { role, permission: name })}
                aria-disabled={why !== undefined}
                aria-busy={busy === _id}
                tabIndex={stop === _id ? 0 : -1}
                data-permission={permission._id}
                data-role={_id}
              />
            </td>
          );
        })}
      </tr>
    );
  }
}
