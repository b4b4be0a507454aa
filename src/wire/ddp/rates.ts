import type { CallCounts } from '../../core/call-counts.ts';
import type { Clock, Moment } from '../../core/ports.ts';
import { addressKey } from '../../core/session/device.ts';
import type { Settings } from '../../core/setting/settings.ts';
import { type SharedCalls, sharedCallsKey } from '../shapes/shared-calls.ts';

/** Who asks for what. */
export interface Asked {
  readonly kind: 'method' | 'sub';
  readonly name: string;
  readonly address: string;
  readonly accountId: string | undefined;
  /** The socket's session, or what stands for it where there is none. */
  readonly connection: string;
}

/** So many keys a rule remembers; the oldest go first. */
const mostKeys = 200_000;
/** Methods that try a secret, with the framework's own limit; no rule by method counts them a second time. */
const framework: ReadonlySet<string> = new Set(['login', 'createUser', 'resetPassword', 'forgotPassword']);
const frameworkMs = 10_000;
/** Methods with a rule of their own in place of the two by method, and by whom each is counted. */
const ownRules = {
  registerUser: 'address',
  sendForgotPasswordEmail: 'address',
  sendConfirmationEmail: 'address',
  setEmail: 'account',
  setUsername: 'account',
} as const;
type OwnName = keyof typeof ownRules;
/** Methods that do what another one does, and count with it. */
const countedAs: ReadonlyMap<string, OwnName> = new Map([['forgotPassword', 'sendForgotPasswordEmail']]);
/** Rules that all nodes and both wires hold to together. */
const sharedRules: Readonly<Partial<Record<OwnName, SharedCalls>>> = {
  registerUser: 'registration',
  sendForgotPasswordEmail: 'password-link',
  sendConfirmationEmail: 'confirmation-link',
};
/** Streams may be asked for more often. */
const streamFactor = 4;

interface Rule {
  readonly on: boolean;
  readonly most: number;
  readonly lengthMs: number;
}

/** Counts in windows that begin with the first call of each key. */
class Counts {
  readonly #counts = new Map<string, { n: number; since: Moment }>();

  get size(): number {
    return this.#counts.size;
  }

  /** @returns how long to wait in ms, or 0 when the call is within the rule */
  take(key: string, rule: Rule, factor: number, now: Moment): number {
    const count = this.#counts.get(key);
    if (count === undefined || now - count.since >= rule.lengthMs || now < count.since) {
      this.#counts.delete(key);
      this.tidy(rule.lengthMs, now);
      this.#counts.set(key, { n: 1, since: now });
      return 0;
    }
    count.n += 1;
    return count.n > rule.most * factor ? count.since + rule.lengthMs - now : 0;
  }

  /** Lets nothing more through under a key until a moment. */
  fill(key: string, rule: Rule, endsAt: Moment): void {
    this.#counts.set(key, { n: Number.MAX_SAFE_INTEGER, since: endsAt - rule.lengthMs });
  }

  /** The map is in the order of the windows' beginnings, so what is over stands in front. */
  tidy(lengthMs: number, now: Moment): void {
    for (const [key, { since }] of this.#counts) {
      if (now - since < lengthMs && this.#counts.size < mostKeys) return;
      this.#counts.delete(key);
    }
  }
}

/** The limits of calls and subscriptions, of both layers (realtime.md §7). */
export class Rates {
  readonly #clock: Clock;
  readonly #settings: Settings;
  readonly #counts = {
    framework: new Counts(),
    registerUser: new Counts(),
    sendForgotPasswordEmail: new Counts(),
    sendConfirmationEmail: new Counts(),
    setEmail: new Counts(),
    setUsername: new Counts(),
    address: new Counts(),
    user: new Counts(),
    connection: new Counts(),
    userByMethod: new Counts(),
    connectionByMethod: new Counts(),
  };
  #rules: ReturnType<typeof rulesOf>;
  readonly close: () => void;

  constructor(clock: Clock, settings: Settings) {
    this.#clock = clock;
    this.#settings = settings;
    this.#rules = rulesOf(settings);
    this.close = settings.onChange(
      /^DDP_Rate_Limit_|^Countersign_DDP_Rate_Limit_|^(?:API_Enable_)?Rate_Limiter_Limit_/,
      () => {
        this.#rules = rulesOf(this.#settings);
      },
    );
  }

  /**
   * Counts an attempt under every rule that it falls under.
   * @returns 0, or how many ms to wait
   */
  take(asked: Asked): number {
    const now = this.#clock.now();
    const rules = this.#rules;
    const counts = this.#counts;
    const { accountId, connection } = asked;
    const isOfFramework = framework.has(asked.name);
    const own = ownRuleOf(asked);
    const isGeneral = !isOfFramework && own === undefined;
    const call = `${asked.kind} ${asked.name.slice(0, 100)}`;
    const factor = asked.name.startsWith('stream-') ? streamFactor : 1;
    const waits = [
      isOfFramework ? counts.framework.take(`${connection} ${call}`, rules.framework, 1, now) : 0,
      own === undefined ? 0 : counts[own].take(whoseOf(own, asked), rules[own], 1, now),
      rules.address.on && !isLocal(asked.address)
        ? counts.address.take(addressKey(asked.address), rules.address, 1, now)
        : 0,
      rules.user.on && accountId !== undefined ? counts.user.take(accountId, rules.user, 1, now) : 0,
      rules.connection.on ? counts.connection.take(connection, rules.connection, 1, now) : 0,
      rules.userByMethod.on && accountId !== undefined && isGeneral
        ? counts.userByMethod.take(`${accountId} ${call}`, rules.userByMethod, factor, now)
        : 0,
      rules.connectionByMethod.on && isGeneral
        ? counts.connectionByMethod.take(`${connection} ${call}`, rules.connectionByMethod, factor, now)
        : 0,
    ];
    return Math.max(...waits);
  }

  /**
   * Whether a call is counted over both wires and all nodes as well. Asked only for calls that this node lets through: a
   * flood at one node does not reach the store.
   */
  isShared(asked: Asked): boolean {
    const own = ownRuleOf(asked);
    return own !== undefined && sharedRules[own] !== undefined;
  }

  /**
   * Counts such a call where all count.
   * @returns 0, or how many ms to wait
   * @throws Fault `unavailable`
   */
  async takeShared(counts: Pick<CallCounts, 'count'>, asked: Asked): Promise<number> {
    const own = ownRuleOf(asked);
    const shared = own === undefined ? undefined : sharedRules[own];
    if (own === undefined || shared === undefined) return 0;
    const rule = this.#rules[own];
    const now = this.#clock.now();
    const key = sharedCallsKey(asked.address, shared);
    const { calls, endsAt } = await counts.count({ key, windowMs: rule.lengthMs, now });
    if (calls <= rule.most) return 0;
    const until = Math.min(endsAt, now + rule.lengthMs);
    this.#counts[own].fill(whoseOf(own, asked), rule, until);
    return Math.max(1, until - now);
  }

  /** How many counts are held. */
  get size(): number {
    return Object.values(this.#counts).reduce((sum, counts) => sum + counts.size, 0);
  }

  /** Forgets what counts no more; to be called now and then, so that idle connections hold nothing here. */
  sweep(): void {
    const now = this.#clock.now();
    for (const [name, counts] of Object.entries(this.#counts)) {
      counts.tidy(this.#rules[name as keyof Rules].lengthMs, now);
    }
  }
}

/** The host itself, and whatever has no address. */
function isLocal(address: string): boolean {
  return address === '127.0.0.1' || address === '::ffff:127.0.0.1' || address === '';
}

/** Whether calls are counted by the framework's rule, which spares nobody. */
export function triesSecrets(name: string): boolean {
  return framework.has(name);
}

/** The rule of its own that a call falls under; those of accounts count only callers who are signed in. */
function ownRuleOf({ kind, name, accountId }: Asked): OwnName | undefined {
  if (kind !== 'method') return undefined;
  const own = isOwn(name) ? name : countedAs.get(name);
  if (own === undefined) return undefined;
  return ownRules[own] === 'account' && accountId === undefined ? undefined : own;
}

function isOwn(name: string): name is OwnName {
  return Object.hasOwn(ownRules, name);
}

function whoseOf(name: OwnName, { address, accountId, connection }: Asked): string {
  return ownRules[name] === 'address' ? addressKey(address) : (accountId ?? connection);
}

type Rules = Readonly<
  Record<'framework' | OwnName | 'address' | 'user' | 'connection' | 'userByMethod' | 'connectionByMethod', Rule>
>;

function rulesOf(settings: Settings): Rules {
  return {
    framework: { on: true, most: settings.get('Countersign_DDP_Rate_Limit_Sign_In'), lengthMs: frameworkMs },
    registerUser: {
      on: true,
      most: settings.get('Rate_Limiter_Limit_RegisterUser'),
      lengthMs: settings.get('API_Enable_Rate_Limiter_Limit_Time_Default'),
    },
    sendForgotPasswordEmail: {
      on: true,
      most: settings.get('Countersign_DDP_Rate_Limit_Forgot_Password_Email'),
      lengthMs: 60_000,
    },
    sendConfirmationEmail: {
      on: true,
      most: settings.get('Countersign_DDP_Rate_Limit_Confirmation_Email'),
      lengthMs: 60_000,
    },
    setEmail: { on: true, most: settings.get('Countersign_DDP_Rate_Limit_Set_Email'), lengthMs: 1_000 },
    setUsername: { on: true, most: settings.get('Countersign_DDP_Rate_Limit_Set_Username'), lengthMs: 1_000 },
    address: {
      on: settings.get('DDP_Rate_Limit_IP_Enabled'),
      most: settings.get('DDP_Rate_Limit_IP_Requests_Allowed'),
      lengthMs: settings.get('DDP_Rate_Limit_IP_Interval_Time'),
    },
    user: {
      on: settings.get('DDP_Rate_Limit_User_Enabled'),
      most: settings.get('DDP_Rate_Limit_User_Requests_Allowed'),
      lengthMs: settings.get('DDP_Rate_Limit_User_Interval_Time'),
    },
    connection: {
      on: settings.get('DDP_Rate_Limit_Connection_Enabled'),
      most: settings.get('DDP_Rate_Limit_Connection_Requests_Allowed'),
      lengthMs: settings.get('DDP_Rate_Limit_Connection_Interval_Time'),
    },
    userByMethod: {
      on: settings.get('DDP_Rate_Limit_User_By_Method_Enabled'),
      most: settings.get('DDP_Rate_Limit_User_By_Method_Requests_Allowed'),
      lengthMs: settings.get('DDP_Rate_Limit_User_By_Method_Interval_Time'),
    },
    connectionByMethod: {
      on: settings.get('DDP_Rate_Limit_Connection_By_Method_Enabled'),
      most: settings.get('DDP_Rate_Limit_Connection_By_Method_Requests_Allowed'),
      lengthMs: settings.get('DDP_Rate_Limit_Connection_By_Method_Interval_Time'),
    },
  };
}
