import {
  type Event,
  type Fields,
  hostUsers,
  isFields,
  type Json,
  type Release,
  type Scenario,
  textOf,
} from './recording.ts';

/** Scenarios that cannot be played, each with the reason. */
export const notPlayed: Readonly<Record<string, string>> = {
  'method-throws': 'two methods of the host app that throw; ours has none that throws to order',
  'user-document-changed': 'a host-app method; Rocket.Chat and ours tell changes on stream-notify-user/<uid>/userData',
};

/** Meteor 3's, for everything that is wrong with a log-in. */
const oneText = 'Something went wrong. Please check your credentials.';

const tellingTexts: ReadonlySet<Json | undefined> = new Set(['User not found', 'User has no password set']);

/** Somebody whom the administrator makes before the scenario. */
export interface Person {
  readonly username: string;
  readonly email: string;
  /** None where the scenario is about that; only a test can make such an account in this release. */
  readonly password: string | undefined;
  /** Deactivated once made. */
  readonly closed: boolean;
}

export interface Played {
  readonly events: readonly Event[];
  readonly people: readonly Person[];
  /** The names of the rules that changed something. */
  readonly rules: ReadonlySet<string>;
}

/** What a rule sees of an event beside itself. */
interface Context {
  readonly scenario: string;
  /** The method frame that was sent or is answered. */
  readonly call: Fields | undefined;
  /** How the recording answered that call. */
  readonly answer: Fields | undefined;
  /** The server gives Meteor 3's text for everything that is wrong with a log-in. */
  readonly ambiguous: boolean;
}

interface Rule {
  readonly why: string;
  /** @returns the event as it is to be here; undefined to leave it out */
  readonly change: (event: Event, context: Context) => Event | undefined;
}

const rules: Readonly<Record<string, Rule>> = {
  'whoami is getNewToken': {
    why: 'a host-app method told whose the connection is; the method of ours that tells it also makes a token',
    change: onCall('peer.whoami', {
      sent: (frame) => ({ ...frame, method: 'getNewToken' }),
      result: ({ id = null, result = null }) =>
        result === null
          ? refusal(id, 'You are not logged in.')
          : {
              msg: 'result',
              id,
              result: { id: result, token: `<token:9${textOf(id)}>`, tokenExpires: { $date: '<ms>' } },
            },
    }),
  },
  'echo is logout': {
    why: 'a host-app method gave its arguments back; a method of ours that passes over arguments takes its place',
    change: onCall('peer.echo', {
      sent: (frame) => ({ ...frame, method: 'logout' }),
      result: ({ id = null }) => ({ msg: 'result', id }),
    }),
  },
  'createUser is login': {
    why: 'nobody makes an account by createUser here; the administrator made it and its owner signs in',
    change: onCall('createUser', {
      sent: (frame, { answer }) => (isFields(answer?.['result']) ? logInOf(frame) : frame),
      result: (frame) => frame,
    }),
  },
  'createUser is forbidden': {
    why: 'Rocket.Chat answers every createUser so, whatever is wrong with it (realtime.md §14.1)',
    change: onCall('createUser', {
      sent: (frame) => frame,
      result: (frame) => (isFields(frame['error']) ? refusal(frame['id'], 403, 'Signups forbidden') : frame),
    }),
  },
  'malformed is 400': {
    why: 'Meteor fails inside on a malformed password and says 500; ours tells the caller (realtime.md §8.4)',
    change: (event, { call }) => {
      const own = ['login', 'changePassword', 'resetPassword', 'forgotPassword'].includes(textOf(call?.['method']));
      return own && errorOf(event)?.['error'] === 500 ? answered(event, 400, 'Match failed') : event;
    },
  },
  'unknown user is wrong password': {
    why: 'one text for both, so that nobody learns who exists (design §1)',
    change: (event, { call, ambiguous }) =>
      !ambiguous && call?.['method'] === 'login' && tellingTexts.has(errorOf(event)?.['reason'])
        ? answered(event, 403, 'Incorrect password')
        : event,
  },
  'an account without a password is there': {
    why: 'it was made by createUser, which signed it in at once; ours cannot be signed in at all',
    change: (event, { scenario }) =>
      scenario === 'login-user-without-password' && event.conn === 'A' ? undefined : event,
  },
  'nobody is told who has an address': {
    why: 'Meteor refuses to mail to an unknown address; ours gives one answer to all (attacks B10)',
    change: (event, { call }) =>
      event.dir === '<' && call?.['method'] === 'forgotPassword' && errorOf(event)?.['error'] === 403
        ? { ...event, frame: { msg: 'result', id: event.frame['id'] ?? null } }
        : event,
  },
  'changes are told on a stream': {
    why: 'Rocket.Chat and ours tell changes of the own document on stream-notify-user/<uid>/userData',
    change: (event, { scenario }) => (scenario === 'resetPassword' && isDocument(event, 'changed') ? undefined : event),
  },
  'a closed account in place of the hook': {
    why: 'the host app refused by hooks; ours refuses a deactivated account, after its password, in the words of Rocket.Chat',
    change: (event, { scenario, call, ambiguous }) => {
      if (scenario !== 'login-denied') return event;
      const text = JSON.stringify(call ?? null);
      if (text.includes('"falsy')) return undefined;
      if (errorOf(event)?.['error'] !== 'error-user-is-not-activated') return event;
      if (call?.['id'] === '3') return answered(event, 403, ambiguous ? oneText : 'Incorrect password');
      const details = { function: 'Accounts.validateLoginAttempt' };
      return answered(event, 'error-user-is-not-activated', 'User is not activated', details);
    },
  },
  'the empty password is refused': {
    why: 'Meteor lets a password be changed to the empty one, with which one then signs in; ours does neither',
    change: (event, { scenario, call, ambiguous }) => {
      if (scenario !== 'changePassword-bad-calls' || event.dir !== '<') return event;
      const answers = event.frame['msg'] === 'result';
      if (event.conn === 'A' && call?.['id'] === '7' && answers) {
        const reason = "The password provided does not meet the server's password policy.";
        return answered(event, 'error-password-policy-not-met', reason);
      }
      if (event.conn !== 'B' || errorOf(event) !== undefined) return event;
      if (isDocument(event, 'added')) return undefined;
      return answers ? answered(event, 403, ambiguous ? oneText : 'Incorrect password') : event;
    },
  },
};

export const ruleNames = [...Object.keys(rules), 'the own document is sent once'];

/**
 * Makes a recorded scenario into what Countersign is to do in its place.
 * @param suffix put behind each name, so that scenarios that run side by side do not meet
 */
export function adapt(scenario: Scenario, release: Release, suffix: string): Played {
  const recorded = scenario.events[release].map((event) => renamed(event, suffix));
  const used = new Set<string>();
  const events: Event[] = [];
  for (const [index, event] of recorded.entries()) {
    const call = callOf(recorded, index);
    const context: Context = {
      scenario: scenario.name,
      call,
      answer: call === undefined ? undefined : answerOf(recorded, event.conn, call),
      ambiguous: isAmbiguous(scenario, release),
    };
    let changed: Event | undefined = event;
    for (const [name, rule] of Object.entries(rules)) {
      if (changed === undefined) break;
      const before: Event = changed;
      changed = rule.change(before, context);
      if (JSON.stringify(changed) !== JSON.stringify(before)) used.add(name);
    }
    if (changed !== undefined) events.push(changed);
  }
  const once = release === '3.0.4' ? withDocumentOnce(events) : events;
  if (once.length < events.length) used.add('the own document is sent once');
  return { events: once, people: peopleOf(recorded, suffix), rules: used };
}

/** Whether a scenario is for a server with the one text for everything: the default of the later release. */
export function isAmbiguous({ variant }: Scenario, release: Release): boolean {
  return variant === 'ambig-true' || (variant !== 'ambig-false' && release === '3.0.4');
}

/**
 * The later release takes the own document back and sends it again when the same person signs in again on the same
 * connection. The earlier one does not, and neither does ours (realtime.md §9.2).
 */
function withDocumentOnce(events: readonly Event[]): readonly Event[] {
  const gone = new Set<Event>();
  for (const [index, event] of events.entries()) {
    if (!isDocument(event, 'removed')) continue;
    const rest = events.slice(index + 1);
    const next = rest.findIndex(({ dir }) => dir === '>');
    const again = rest
      .slice(0, next < 0 ? rest.length : next)
      .find((one) => isDocument(one, 'added') && one.frame['id'] === event.frame['id']);
    if (again === undefined) continue;
    gone.add(event);
    gone.add(again);
  }
  return events.filter((event) => !gone.has(event));
}

function isDocument(event: Event, msg: string): event is Extract<Event, { dir: '<' }> {
  return event.dir === '<' && event.frame['msg'] === msg && event.frame['collection'] === 'users';
}

function onCall(
  method: string,
  change: {
    readonly sent: (frame: Fields, context: Context) => Fields;
    readonly result: (frame: Fields) => Fields;
  },
): Rule['change'] {
  return (event, context) => {
    if (context.call?.['method'] !== method || context.answer === undefined) return event;
    if (event.dir === '>' && event.frame !== undefined) return { ...event, frame: change.sent(event.frame, context) };
    if (event.dir === '<' && event.frame['msg'] === 'result') return { ...event, frame: change.result(event.frame) };
    return event;
  };
}

function errorOf(event: Event): Fields | undefined {
  const error = event.dir === '<' ? event.frame['error'] : undefined;
  return isFields(error) ? error : undefined;
}

function answered(event: Event, error: string | number, reason: string, details?: Json): Event {
  return event.dir === '<' ? { ...event, frame: refusal(event.frame['id'], error, reason, details) } : event;
}

function refusal(id: Json | undefined, error: string | number, reason?: string, details?: Json): Fields {
  return {
    msg: 'result',
    id: id ?? null,
    error: {
      isClientSafe: true,
      error,
      ...(reason === undefined ? {} : { reason }),
      ...(details === undefined ? {} : { details }),
      message: reason === undefined ? `[${error}]` : `${reason} [${error}]`,
      errorType: 'Meteor.Error',
    },
  };
}

/** The method frame that an event is, or answers. */
function callOf(events: readonly Event[], index: number): Fields | undefined {
  const event = events[index];
  if (event?.dir === '>') return event.frame?.['msg'] === 'method' ? event.frame : undefined;
  if (event?.dir !== '<') return undefined;
  const { id, methods } = event.frame;
  const called = Array.isArray(methods)
    ? (methods as readonly Json[])[0]
    : event.frame['msg'] === 'result'
      ? id
      : undefined;
  if (called === undefined) return undefined;
  const sent = events.slice(0, index).filter((one) => one.dir === '>' && one.conn === event.conn);
  return sent.map((one) => (one.dir === '>' ? one.frame : undefined)).findLast((frame) => frame?.['id'] === called);
}

function answerOf(events: readonly Event[], conn: string, call: Fields): Fields | undefined {
  for (const event of events) {
    if (event.dir !== '<' || event.conn !== conn) continue;
    if (event.frame['msg'] === 'result' && event.frame['id'] === call['id']) return event.frame;
  }
  return undefined;
}

function logInOf(frame: Fields): Fields {
  const { username, email, password } = optionsOf(frame);
  const user = username === undefined ? { email: email ?? null } : { username };
  return { ...frame, method: 'login', params: [{ user, password: password ?? null }] };
}

function optionsOf({ params }: Fields): Fields {
  const first: Json | undefined = Array.isArray(params) ? (params as readonly Json[])[0] : undefined;
  return isFields(first) ? first : {};
}

const made = ['carol', 'dave', 'gwen', 'iris', 'jack', 'hank', 'nopw'];
const everybody = [...hostUsers.map(({ username }) => username), ...made].join('|');
const names = new RegExp(`^(${everybody})(?=@|$)`, 'i');

/** Names of accounts, alone and in addresses, with the suffix behind. */
function renamed<Value>(value: Value, suffix: string): Value {
  return JSON.parse(JSON.stringify(value), (_key, one: unknown) =>
    typeof one === 'string' ? one.replace(names, `$1${suffix}`) : one,
  ) as Value;
}

function peopleOf(events: readonly Event[], suffix: string): readonly Person[] {
  const text = JSON.stringify(events).toLowerCase();
  const passwords = new Map<string, string | undefined>([
    ...hostUsers.map(({ username, password }) => [username, password] as const),
    ...made.map((username) => [username, `${username}-1`] as const),
    ['nopw', undefined],
  ]);
  return [...passwords]
    .map(([name, password]) => ({ username: `${name}${suffix}`, password, closed: name === 'denied' }))
    .filter(({ username }) => text.includes(`"${username}"`) || text.includes(`"${username}@`))
    .map((person) => ({ ...person, email: `${person.username}@example.com` }));
}
