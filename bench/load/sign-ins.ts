import {
  addresses,
  addressOf,
  type HoldJob,
  type HoldResult,
  type RecordJob,
  type RecordResult,
  type SignInJob,
  type SignInResult,
} from './jobs.ts';
import { RealtimeSocket } from './realtime-socket.ts';

const connectFrame = '{"msg":"connect","version":"1","support":["1","pre2","pre1"]}';

interface SignedIn {
  readonly socket: RealtimeSocket;
  /** Undefined: it worked. */
  readonly failure: string | undefined;
  readonly latency: number;
}

/** Opens a socket and signs in on it: three round trips, as every client makes them. */
async function signIn(port: number, n: number, login: string, onLost: () => void): Promise<SignedIn> {
  return await new Promise((resolve) => {
    const startedAt = performance.now();
    let answered = false;
    const answer = (failure: string | undefined): void => {
      if (answered) return;
      answered = true;
      resolve({ socket, failure, latency: performance.now() - startedAt });
    };
    const socket: RealtimeSocket = new RealtimeSocket(port, addressOf(n % addresses), {
      text(message) {
        if (message.startsWith('{"msg":"connected"')) {
          socket.send(`{"msg":"method","method":"login","params":[${login}],"id":"1"}`);
        } else if (message.startsWith('{"msg":"result"')) {
          answer(message.includes('"error":') ? message : undefined);
        } else if (message.startsWith('{"msg":"ping"')) {
          socket.send('{"msg":"pong"}');
        } else if (message.startsWith('{"server_id"')) {
          socket.send(connectFrame);
        }
      },
      closed(reason) {
        if (reason === undefined) return;
        if (answered) onLost();
        else answer(reason);
      },
    });
  });
}

const ignore = (): void => undefined;

/** Signs in again and again, so many at once, each on a socket of its own. */
export async function signInRepeatedly(job: SignInJob): Promise<SignInResult> {
  const startedAt = performance.now();
  const endsAt = startedAt + job.seconds * 1000;
  const tally = newTally();
  let next = 0;
  const lane = async (): Promise<void> => {
    while (performance.now() < endsAt) {
      const n = next;
      next += 1;
      const signed = await signIn(job.port, n, job.logins[n % job.logins.length] ?? '', ignore);
      tally.add(signed);
      signed.socket.close();
    }
  };
  const rest = job.neverSleeps === true ? keepAwake() : ignore;
  await Promise.all(Array.from({ length: job.atOnce }, lane));
  rest();
  return tally.result((performance.now() - startedAt) / 1000);
}

/**
 * Never sleeps meanwhile: to wake a process costs whoever writes to it, and a fast server, which always finds it awake,
 * would pay that less often than a slow one. Only for load that has a core for itself.
 */
function keepAwake(): () => void {
  let awake = true;
  const turn = (): void => {
    if (awake) setImmediate(turn);
  };
  turn();
  return () => {
    awake = false;
  };
}

const held: RealtimeSocket[] = [];
let lost = 0;

/** Signs in once for each login, and keeps the sockets open and answered. */
export async function hold(job: HoldJob): Promise<HoldResult> {
  lost = 0;
  const startedAt = performance.now();
  const tally = newTally();
  let next = 0;
  const lane = async (): Promise<void> => {
    while (next < job.logins.length) {
      const n = next;
      next += 1;
      const signed = await signIn(job.port, n, job.logins[n] ?? '', () => {
        lost += 1;
      });
      tally.add(signed);
      held.push(signed.socket);
    }
  };
  await Promise.all(Array.from({ length: job.atOnce ?? job.logins.length }, lane));
  return tally.result((performance.now() - startedAt) / 1000);
}

/** @returns how many of the sockets were lost before */
export function release(): { readonly lost: number } {
  for (const socket of held.splice(0)) socket.close();
  return { lost };
}

/** Signs in once, slowly, and keeps every frame. */
export async function record(job: RecordJob): Promise<RecordResult> {
  const frames = { greeting: [] as string[], connected: [] as string[], login: [] as string[] };
  let step: keyof typeof frames = 'greeting';
  const socket = new RealtimeSocket(job.port, addressOf(0), {
    text(message) {
      frames[step].push(message);
    },
    closed: ignore,
  });
  const settle = async (): Promise<void> => {
    await new Promise((resolve) => {
      setTimeout(resolve, 500);
    });
  };
  await settle();
  step = 'connected';
  socket.send(connectFrame);
  await settle();
  step = 'login';
  socket.send(`{"msg":"method","method":"login","params":[${job.login}],"id":"1"}`);
  await settle();
  socket.close();
  return frames;
}

function newTally(): {
  readonly add: (signed: SignedIn) => void;
  readonly result: (seconds: number) => SignInResult;
} {
  const latencies: number[] = [];
  const failures: string[] = [];
  return {
    add: ({ failure, latency }) => {
      if (failure === undefined) latencies.push(latency);
      else failures.push(failure.slice(0, 200));
    },
    result: (seconds) => ({ seconds, done: latencies.length, failures, latencies }),
  };
}
