import type { Happening, PresenceState } from '../../core/ports.ts';

/** The text in which a happening travels to other processes. */
export function textOf(happening: Happening): string {
  return JSON.stringify(happening);
}

/**
 * The happening that a text tells of. Undefined for one that this version does not know: during an upgrade the newer
 * nodes may speak of more.
 */
export function happeningIn(text: string): Happening | undefined {
  const told = parsed(text);
  if (typeof told !== 'object' || told === null) return undefined;
  // What is missing reads as undefined, and is looked at before it is believed.
  const given = told as Readonly<Record<string, unknown>>;
  const { kind, accountId, username, changed, forced, ids, node, all, states, id, name, change, role, held } = given;
  switch (kind) {
    case 'account':
      if (typeof accountId !== 'string' || !areTexts(changed)) return undefined;
      return { kind, accountId, changed, forced: forced === true };
    case 'account-added':
      return typeof accountId === 'string' ? { kind, accountId } : undefined;
    case 'account-removed':
      if (typeof accountId !== 'string') return undefined;
      return { kind, accountId, username: typeof username === 'string' ? username : undefined };
    case 'settings':
    case 'permissions':
      return areTexts(ids) ? { kind, ids } : undefined;
    case 'role':
      if (typeof id !== 'string' || typeof name !== 'string') return undefined;
      return { kind, id, name, change: change === 'added' || change === 'removed' ? change : 'changed' };
    case 'role-holder':
      if (typeof role !== 'string' || typeof accountId !== 'string') return undefined;
      return {
        kind,
        role,
        accountId,
        username: typeof username === 'string' ? username : undefined,
        held: held === true,
      };
    case 'presence':
      if (typeof node !== 'string' || !Array.isArray(states)) return undefined;
      return { kind, node, all: all === true, states: states as readonly PresenceState[] };
    case 'presence-wanted':
      return typeof node === 'string' ? { kind, node } : undefined;
    default:
      return undefined;
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function areTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((one) => typeof one === 'string');
}
