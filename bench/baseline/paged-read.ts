// Reads all people of a directory page by page with ldapts, and does nothing with them: what any run over it must at
// least take. Prints one line of JSON.
import { Client } from 'ldapts';

const [port = '', filter = '', pageSize = '', ...attributes] = process.argv.slice(2);
const client = new Client({ url: `ldap://127.0.0.1:${port}` });
await client.bind('cn=svc-read,ou=services,dc=example,dc=test', 'svc-secret');
const startedAt = performance.now();
let entries = 0;
const paged = { pageSize: Number(pageSize) };
const base = 'ou=people,dc=example,dc=test';
for await (const page of client.searchPaginated(base, { scope: 'sub', filter, attributes, paged })) {
  entries += page.searchEntries.length;
}
console.log(JSON.stringify({ entries, seconds: (performance.now() - startedAt) / 1000 }));
await client.unbind();
