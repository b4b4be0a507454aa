import type { GetEndpoints } from '../../../src/client/index.ts';

/** Which accounts are listed, and from which on. */
export interface LookedFor {
  /** What names or addresses begin with. */
  readonly search: string;
  readonly state: keyof typeof states;
  /** The id of a role; empty for all. */
  readonly role: string;
  readonly order: keyof typeof orders;
  readonly offset: number;
}

/** Accounts on one page. */
export const count = 50;

const states = {
  all: {},
  open: { status: 'active' },
  closed: { status: 'deactivated' },
  waiting: { inactiveReason: 'pending_approval' },
  idle: { inactiveReason: 'idle_too_long' },
} as const satisfies Readonly<Record<string, GetEndpoints['users.listByStatus']['query']>>;

const orders = {
  username: { username: 1 },
  name: { name: 1 },
  newest: { createdAt: -1 },
  lastSignIn: { lastLogin: -1 },
} as const;

const everybody: LookedFor = { search: '', state: 'all', role: '', order: 'username', offset: 0 };

/** What the address says is looked for: `/admin/users?state=waiting`. */
export function lookedForInAddress(): LookedFor {
  const query = new URLSearchParams(location.search);
  const [state, order] = [query.get('state') ?? '', query.get('order') ?? ''];
  const offset = Number(query.get('offset') ?? 0);
  return {
    search: query.get('search') ?? '',
    state: Object.hasOwn(states, state) ? (state as LookedFor['state']) : 'all',
    role: query.get('role') ?? '',
    order: Object.hasOwn(orders, order) ? (order as LookedFor['order']) : 'username',
    offset: Number.isSafeInteger(offset) && offset > 0 ? offset : 0,
  };
}

/** So that whoever comes back from one account, or reloads, finds the same list. */
export function keepInAddress(looked: LookedFor): void {
  const told = (Object.keys(everybody) as (keyof LookedFor)[]).filter((key) => looked[key] !== everybody[key]);
  const text = new URLSearchParams(told.map((key) => [key, String(looked[key])])).toString();
  history.replaceState(history.state, '', `${location.pathname}${text === '' ? '' : `?${text}`}`);
}

export function queryOf({
  search,
  state,
  role,
  order,
  offset,
}: LookedFor): GetEndpoints['users.listByStatus']['query'] {
  return {
    ...states[state],
    ...(search.trim() === '' ? {} : { searchTerm: search.trim() }),
    ...(role === '' ? {} : { roles: role }),
    sort: JSON.stringify(orders[order]),
    offset,
    count,
  };
}
