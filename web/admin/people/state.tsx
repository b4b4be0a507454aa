import type { User } from '../../../src/client/index.ts';
import { Tag } from '../../parts/tag.tsx';
import { people as words } from '../../words/people.ts';

/** Whether somebody can sign in, in a word. */
export function State({ user }: { readonly user: Pick<User, 'active' | 'inactiveReason'> }) {
  if (user.active) return <Tag>{words.say('stateOpen')}</Tag>;
  switch (user.inactiveReason) {
    case 'pending_approval':
      return <Tag kind="warning">{words.say('stateWaiting')}</Tag>;
    case 'idle_too_long':
      return <Tag kind="danger">{words.say('stateIdle')}</Tag>;
    default:
      return <Tag kind="danger">{words.say('stateClosed')}</Tag>;
  }
}

/** What somebody is called: by their name, else by their username, else by their id. */
export function nameOf({ name = '', username = '', _id }: Pick<User, '_id' | 'name' | 'username'>): string {
  if (name !== '') return name;
  return username === '' ? _id : username;
}
