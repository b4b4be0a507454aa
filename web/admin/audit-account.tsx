import { audit as words } from '../words/audit.ts';
import { AdminLink } from './link.tsx';

interface Props {
  readonly id: string | undefined;
  /** Usernames by ids. */
  readonly names: Readonly<Record<string, string>>;
  /** By which door it was done, where this is about who did it. */
  readonly door?: string;
}

/** An account of an entry: by its name of today, or by its id where it is gone. */
export function Account({ id, names, door }: Props) {
  if (id === undefined) {
    const who = door === 'cli' ? words.say('commandLine') : door === 'server' ? words.say('server') : '–';
    return <span class="quiet">{who}</span>;
  }
  const name = Object.hasOwn(names, id) ? names[id] : undefined;
  if (name === undefined) {
    return (
      <code class="audit__id" title={words.say('gone')}>
        {id}
      </code>
    );
  }
  return (
    <AdminLink to="users" id={id}>
      <bdi>{name}</bdi>
    </AdminLink>
  );
}
