import type { App } from '../../app.ts';
import type { Random } from '../../core/ports.ts';
import { addressKey } from '../../core/session/device.ts';
import type { Log } from '../../core/setting/kept.ts';
import { Afterwards } from '../shapes/afterwards.ts';
import { encodeEjson } from '../shapes/ejson.ts';
import type { MethodCall } from '../shapes/method-call.ts';
import { closeCode, type Receiver, type SocketServer, type Transport } from '../shapes/transport.ts';
import { dispatch } from './dispatch.ts';
import { startFeed } from './feed.ts';
import type { Hub } from './hub.ts';
import { type Limits, limits as ordinaryLimits } from './limits.ts';
import { methods } from './methods/index.ts';
import { People } from './people.ts';
import type { LoginServices } from './publication.ts';
import { publications } from './publications/index.ts';
import { loginServicesOf } from './publications/login-service-configuration.ts';
import { Rates } from './rates.ts';
import { Revocation } from './revocation.ts';
import { Session } from './session.ts';
import { StatusFeed } from './status-feed.ts';
import { hostTimers, type Timers } from './timers.ts';
import { loginServicesTopic } from './topic-names.ts';
import { Topics } from './topics.ts';
import { beatMs, Wheel } from './wheel.ts';

export { webSocketDoor } from './socket-door.ts';

export interface DdpParts {
  readonly app: App;
  readonly random: Pick<Random, 'id'>;
  readonly log: Log;
  /** The sign-in services that clients are offered; those of the app where it is left out. */
  readonly loginServices?: LoginServices;
  readonly timers?: Timers;
  readonly limits?: Partial<Limits>;
}

export interface DdpServer extends SocketServer {
  accept(transport: Transport): Receiver;
  /** Runs a method for a caller of the JSON API. */
  readonly callMethod: MethodCall;
  /** Lets running methods end, for five seconds at most, and closes every connection with 1012. */
  drain(): Promise<void>;
  stats(): DdpStats;
}

export interface DdpStats {
  readonly sockets: number;
  readonly signedIn: number;
  readonly subscriptions: number;
}

const drainMs = 5000;
const drainStepMs = 20;

/** The realtime server: what all connections share, whatever carries them (realtime.md). */
export function ddpServer(parts: DdpParts): DdpServer {
  const { app, random, log, loginServices = loginServicesOf(parts.app), timers = hostTimers } = parts;
  const limits = { ...ordinaryLimits, ...parts.limits };
  const people = new People();
  const topics = new Topics();
  const revocation = new Revocation({ app, people, timers, log });
  const rates = new Rates(app.clock, app.settings);
  const wheel = new Wheel(app.clock, timers, (links) => {
    revocation.look(links, false);
  });
  const hub: Hub = {
    app,
    random,
    log,
    timers,
    limits,
    rates,
    people,
    topics,
    wheel,
    afterwards: new Afterwards(log),
    revocation,
    loginServices,
    methods: new Map(methods.map((method) => [method.name, method])),
    publications: new Map(publications.map((publication) => [publication.name, publication])),
  };
  const sessions = new Set<Session>();
  const ofAddress = new Map<string, number>();
  let draining = false;

  const status = new StatusFeed({ app, topics, timers, log, most: limits.statusNotices });
  const stops = [
    startFeed({ app, topics, people, revocation, status, log }),
    loginServices.onChange(() => {
      for (const listener of topics.of(loginServicesTopic)) listener.refresh();
    }),
    timers.every(beatMs, () => {
      rates.sweep();
    }),
    rates.close,
    wheel.stop,
  ];

  function leave(session: Session): void {
    sessions.delete(session);
    const key = addressKey(session.transport.address);
    const left = (ofAddress.get(key) ?? 1) - 1;
    if (left > 0) ofAddress.set(key, left);
    else ofAddress.delete(key);
  }

  return {
    hasRoom(address) {
      const most = app.settings.get('Countersign_Sockets_Per_Address');
      return !draining && (ofAddress.get(addressKey(address)) ?? 0) < most;
    },
    accept(transport) {
      const key = addressKey(transport.address);
      ofAddress.set(key, (ofAddress.get(key) ?? 0) + 1);
      const session = new Session(hub, transport, leave);
      sessions.add(session);
      return session;
    },
    callMethod: callMethodOver(hub),
    async drain() {
      draining = true;
      const tries = drainMs / drainStepMs;
      for (let n = 0; n < tries && [...sessions].some(({ busy }) => busy); n += 1) {
        await new Promise<void>((resolve) => {
          timers.after(drainStepMs, resolve);
        });
      }
      for (const session of sessions) session.end(closeCode.restart, 'Service restart');
      await hub.afterwards.settled();
      for (const stop of stops) stop();
    },
    stats: () => ({
      sockets: sessions.size,
      signedIn: people.count,
      subscriptions: [...sessions].reduce((sum, session) => sum + session.subscriptions, 0),
    }),
  };
}

function callMethodOver(hub: Hub): MethodCall {
  return async (name, params, caller, signed, supplied) => {
    const { answer } = await dispatch(hub, {
      name,
      params,
      call: { caller, signIn: async () => await Promise.resolve(), signOut: async () => await Promise.resolve() },
      accountId: signed?.account.id,
      // There is no connection: whoever shows a token is known by it, others by where they come from.
      connection: signed?.token.hash ?? `address ${addressKey(caller.address)}`,
      signed: async () => await Promise.resolve(signed),
      supplied,
    });
    if (!('error' in answer) || answer.error.details === undefined) return answer;
    // Here, unlike on a socket, details are EJSON as well (realtime.md §5).
    return { error: { ...answer.error, details: encodeEjson(answer.error.details) } };
  };
}
