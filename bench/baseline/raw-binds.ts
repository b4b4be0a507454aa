// The raw rate of passwords shown to a directory: connect, bind, unbind with ldapts, so many in flight.
import { createServer } from 'node:http';
import { Client } from 'ldapts';
import { listen, readInput } from './announce.ts';

interface Input {
  readonly url: string;
  readonly people: readonly { readonly dn: string; readonly password: string }[];
  readonly inFlight: number;
}

const { url, people, inFlight } = await readInput<Input>();

async function bindUntil(end: number, from: number): Promise<number> {
  let done = 0;
  while (performance.now() < end) {
    const person = people[(from + done * inFlight) % people.length];
    if (person === undefined) throw new Error('There is nobody to bind.');
    const client = new Client({ url });
    await client.bind(person.dn, person.password);
    await client.unbind();
    done += 1;
  }
  return done;
}

listen(
  createServer((request, response) => {
    const seconds = Number(request.url?.slice(1));
    const startedAt = performance.now();
    const lanes = Array.from(
      { length: inFlight },
      async (_lane, from) => await bindUntil(startedAt + seconds * 1000, from),
    );
    Promise.all(lanes).then(
      (counts) => {
        const rate = counts.reduce((sum, count) => sum + count, 0) / ((performance.now() - startedAt) / 1000);
        response.end(String(rate));
      },
      (cause: unknown) => {
        response.writeHead(500).end(String(cause));
      },
    );
  }),
);
