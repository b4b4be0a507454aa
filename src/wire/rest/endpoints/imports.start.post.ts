import { endpoint } from '../endpoint.ts';
import { flag, object, text } from '../schema.ts';

export default endpoint({
  method: 'post',
  path: '/api/v1/imports.start',
  summary: 'Begins to bring in whom a file tells of, or only to look; imports.progress tells how it goes.',
  auth: 'token',
  permission: { all: ['access-permissions', 'create-user'] },
  applications: false,
  twoFactor: { remember: true, always: false },
  body: object({ importId: text(), dryRun: flag({ description: 'Writes nothing.' }) }),
  answer: object({}),
  async run(app, { signed, body, caller }) {
    const { importId: id, dryRun } = body;
    await app.import.start(signed, { id, dryRun }, caller, async (work) => {
      // Loaded on use: few servers ever import anything.
      const { readUpload } = await import('../../shapes/import/read-upload.ts');
      return await readUpload(work);
    });
    return {};
  },
});
