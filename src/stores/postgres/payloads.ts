import type { Happening } from '../../core/ports.ts';
import { happeningIn, textOf } from '../sql/happening-text.ts';

/** PostgreSQL refuses a notice of 8,000 bytes; the envelope around the happenings needs some of them. */
const mostBytes = 7_800;

/** Puts happenings into as few notices as hold them, in their order. */
export function payloadsOf(node: string, told: readonly Happening[]): string[] {
  const payloads: string[] = [];
  let bodies: string[] = [];
  let bytes = 0;
  const close = () => {
    if (bodies.length > 0) payloads.push(`{"node":${JSON.stringify(node)},"told":[${bodies.join(',')}]}`);
    bodies = [];
    bytes = 0;
  };
  for (const body of told.flatMap(pieces)) {
    const size = Buffer.byteLength(body) + 1;
    if (bytes + size > mostBytes) close();
    bodies.push(body);
    bytes += size;
  }
  close();
  return payloads;
}

/** The happenings in a notice, and the node that sent it; nothing for what this version does not understand. */
export function payloadIn(text: string): { node: string; told: readonly Happening[] } | undefined {
  try {
    const given = JSON.parse(text) as unknown;
    if (typeof given !== 'object' || given === null || !('node' in given) || typeof given.node !== 'string') {
      return undefined;
    }
    const told = 'told' in given && Array.isArray(given.told) ? (given.told as unknown[]) : [];
    return {
      node: given.node,
      told: told.map((one) => happeningIn(JSON.stringify(one))).filter((one) => one !== undefined),
    };
  } catch {
    return undefined;
  }
}

/** The text of a happening, as several where one is too long for a notice. */
function pieces(happening: Happening): string[] {
  const text = textOf(happening);
  if (Buffer.byteLength(text) < mostBytes) return [text];
  switch (happening.kind) {
    case 'settings':
    case 'permissions':
      return halves(happening.ids, (ids) => ({ ...happening, ids }));
    case 'presence':
      // Only the first half may say that it is all: it clears what was known of the node, the second adds to it.
      return halves(happening.states, (states, isFirst) => ({ ...happening, states, all: happening.all && isFirst }));
    case 'account':
      // Names of fields are few and short; should they not be, what changed is to be read anew.
      return [textOf({ ...happening, changed: [] })];
    case 'account-removed':
      return [textOf({ ...happening, username: undefined })];
    case 'account-added':
    case 'presence-wanted':
    case 'role':
    case 'role-holder':
      return [text];
  }
}

function halves<T>(all: readonly T[], with_: (half: readonly T[], isFirst: boolean) => Happening): string[] {
  // One name that alone is too long cannot be told; nobody can have made it.
  if (all.length < 2) return [];
  const middle = Math.ceil(all.length / 2);
  return [...pieces(with_(all.slice(0, middle), true)), ...pieces(with_(all.slice(middle), false))];
}
