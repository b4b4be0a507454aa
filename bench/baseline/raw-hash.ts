// The raw rate of the hash on all cores: nothing but verifications, so many in flight.
import { createServer } from 'node:http';
import { verify } from '@node-rs/argon2';
import { listen, readInput } from './announce.ts';

const { stored, digest, inFlight } = await readInput<{ stored: string; digest: string; inFlight: number }>();

async function verifyUntil(end: number): Promise<number> {
  let done = 0;
  while (performance.now() < end) {
    if (!(await verify(stored, digest))) throw new Error('The hash of the fixture does not fit its password.');
    done += 1;
  }
  return done;
}

listen(
  createServer((request, response) => {
    const seconds = Number(request.url?.slice(1));
    const startedAt = performance.now();
    const lanes = Array.from({ length: inFlight }, async () => await verifyUntil(startedAt + seconds * 1000));
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
