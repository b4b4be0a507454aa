import { type Answer, HttpConnection } from './http-connection.ts';
import { addressOf, type RequestJob, type RequestResult } from './jobs.ts';

/** Sends requests until the time is over, and waits for the last answers. */
export async function sendRequests(job: RequestJob): Promise<RequestResult> {
  const requests = job.requests.map((text) => Buffer.from(text));
  const tally = new Tally();
  let next = 0;
  const take = (): Buffer => {
    const request = requests[next % requests.length] ?? Buffer.alloc(0);
    next += 1;
    return request;
  };
  const open = (n: number): HttpConnection => new HttpConnection(job.port, addressOf(n % (job.addresses ?? 1)));
  const startedAt = performance.now();
  const endsAt = startedAt + job.seconds * 1000;
  await (job.rate === undefined
    ? Promise.all(Array.from({ length: job.connections }, async (_, n) => await askOn(open(n), take, tally, endsAt)))
    : askAtRate(job.rate, job.connections, open, take, tally, endsAt));
  return tally.result((performance.now() - startedAt) / 1000);
}

async function askOn(connection: HttpConnection, take: () => Buffer, tally: Tally, endsAt: number): Promise<void> {
  await new Promise<void>((resolve) => {
    const ask = (): void => {
      const sentAt = performance.now();
      if (sentAt >= endsAt) {
        resolve();
        return;
      }
      connection.ask(take(), (answer) => {
        tally.add(answer, performance.now() - sentAt);
        if (answer === undefined) resolve();
        else ask();
      });
    };
    ask();
  });
  connection.close();
}

async function askAtRate(
  rate: number,
  most: number,
  open: (n: number) => HttpConnection,
  take: () => Buffer,
  tally: Tally,
  endsAt: number,
): Promise<void> {
  const startedAt = performance.now();
  const free: HttpConnection[] = [];
  let opened = 0;
  let due = 0;
  let waiting = 0;
  // Open beforehand, or the first answers would tell of connecting.
  while (opened < Math.min(most, 64)) free.push(open(opened++));
  await new Promise<void>((resolve) => {
    const send = (): void => {
      const now = Math.min(performance.now(), endsAt);
      for (; due < ((now - startedAt) / 1000) * rate; due += 1) {
        const dueAt = startedAt + (due / rate) * 1000;
        const connection = free.shift() ?? (opened < most ? open(opened++) : undefined);
        if (connection === undefined) {
          tally.unsent += 1;
          continue;
        }
        waiting += 1;
        connection.ask(take(), (answer) => {
          waiting -= 1;
          tally.add(answer, performance.now() - dueAt);
          if (connection.closed) opened -= 1;
          else free.push(connection);
        });
      }
      // Five seconds beyond the end, whatever has no answer has none.
      if (now < endsAt || (waiting > 0 && performance.now() < endsAt + 5_000)) return;
      clearInterval(timer);
      tally.broken += waiting;
      for (const connection of free) connection.close();
      resolve();
    };
    const timer = setInterval(send, 1);
  });
}

class Tally {
  broken = 0;
  unsent = 0;
  readonly #answers = new Map<number, { latencies: number[]; withoutRetryAfter: number; bytes: number }>();

  add(answer: Answer | undefined, latency: number): void {
    if (answer === undefined) {
      this.broken += 1;
      return;
    }
    let kept = this.#answers.get(answer.status);
    if (kept === undefined) {
      kept = { latencies: [], withoutRetryAfter: 0, bytes: 0 };
      this.#answers.set(answer.status, kept);
    }
    kept.latencies.push(latency);
    kept.bytes = answer.bytes;
    if (!answer.retryAfter) kept.withoutRetryAfter += 1;
  }

  result(seconds: number): RequestResult {
    const answers = [...this.#answers].map(([status, { latencies, withoutRetryAfter, bytes }]) => {
      return { status, count: latencies.length, latencies: thinned(latencies), withoutRetryAfter, bytes };
    });
    return { seconds, answers, broken: this.broken, unsent: this.unsent };
  }
}

/** At most some thousands of them travel between the processes, evenly taken. */
function thinned(values: readonly number[]): readonly number[] {
  const step = Math.ceil(values.length / 20_000);
  return step <= 1 ? values : values.filter((_, n) => n % step === 0);
}
