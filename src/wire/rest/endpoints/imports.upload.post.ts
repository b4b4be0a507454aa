import { Fault } from '../../../core/fault.ts';
import { endpoint } from '../endpoint.ts';
import { object, text, whole } from '../schema.ts';
import { streamOf } from '../streams.ts';

export default endpoint({
  method: 'post',
  path: '/api/v1/imports.upload',
  summary: 'Takes a dump of a database, of at most 2 GiB; nothing of it is looked at before imports.start.',
  auth: 'token',
  permission: { all: ['access-permissions', 'create-user'] },
  applications: false,
  stream: true,
  query: object({
    name: text({ minLength: 1, maxLength: 255, description: 'What the file is called; it may tell the collection.' }),
  }),
  answer: object({ importId: text(), bytes: whole() }),
  async run(app, { signed, query, body, caller }) {
    const file = streamOf(body);
    // A name, and no path of somebody's machine.
    const name = query.name.split(/[/\\]/u).at(-1) ?? '';
    if (file === undefined || name === '' || /\p{C}/u.test(name)) throw new Fault('malformed');
    const { announced, chunks } = file;
    const { id, totalBytes } = await app.import.receive(signed, { name, announced, chunks }, caller);
    return { importId: id, bytes: totalBytes };
  },
});
