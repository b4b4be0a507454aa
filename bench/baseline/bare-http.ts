// The least that a token check can be: two headers, one hash, one look-up, and an answer of so many bytes.
import { hash } from 'node:crypto';
import { createServer } from 'node:http';
import { listen, readInput } from './announce.ts';

const { people, bodyBytes } = await readInput<{
  people: readonly { readonly accountId: string; readonly token: string }[];
  bodyBytes: number;
}>();
const body = Buffer.from(`"${'x'.repeat(bodyBytes - 2)}"`);
const known = new Map(
  people.map(({ accountId, token }) => [hash('sha256', token, 'base64'), { accountId, body }] as const),
);

listen(
  createServer((request, response) => {
    const { 'x-user-id': accountId, 'x-auth-token': token } = request.headers;
    const found = typeof token === 'string' ? known.get(hash('sha256', token, 'base64')) : undefined;
    if (found === undefined || found.accountId !== accountId) {
      response.writeHead(401).end();
      return;
    }
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': found.body.length });
    response.end(found.body);
  }),
);
