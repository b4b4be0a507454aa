import { readFileSync, statSync } from 'node:fs';
import type { SamlSource } from '../../../core/external-login/saml.ts';
import { isLoopback } from '../../../lib/loopback.ts';
import { outboundOver } from '../../../lib/outbound.ts';
import { type Command, UsageError } from '../command.ts';
import { Refusal } from '../refusal.ts';

const mostBytes = 256 * 1024;

export const samlImportMetadata: Command = {
  words: 'saml import-metadata',
  summary: 'Take the addresses and the certificate of a SAML identity provider out of its metadata.',
  about:
    'Without --yes it only shows what it would change. SAML is not switched on by it: that is the setting SAML_Custom_Default.',
  arguments: [{ name: 'source', about: 'a file, or an address that begins with https://' }],
  options: [{ flags: '--yes', about: 'change the settings' }],
  example: 'countersign saml import-metadata https://idp.example.org/metadata --yes',
  async run(given, desk) {
    const text = await textOf(given.argument('source'));
    return await desk.withApp(async (app) => {
      const source = await readBy(app.saml.read, text);
      const wanted = settingsOf(source);
      const listed = app.settings.list({ ids: wanted.map(([id]) => id), hiddenToo: true });
      const changes = wanted.flatMap(([id, to]) => {
        const from = listed.find((setting) => setting.id === id)?.value;
        return from === to ? [] : [{ id, from, to }];
      });
      const isDone = given.flag('yes');
      if (isDone) for (const { id, to } of changes) await app.host.changeSetting(id, to, desk.caller);
      const lines = changes.map(({ id, to }) => `${id}: ${to.includes('\n') ? `\n${to.trim()}` : to}`);
      return {
        document: { changed: isDone, changes },
        text: changes.length === 0 ? 'Everything is set like this already.' : lines.join('\n'),
        ...(isDone || changes.length === 0 ? {} : { note: 'Nothing has been changed: call it with --yes.' }),
      };
    });
  },
};

function settingsOf(source: SamlSource): readonly (readonly [id: string, value: string])[] {
  return [
    ['SAML_Custom_Default_entry_point', source.entryPoint],
    // What is missing there is reached in no way: signing out stays here then.
    ['SAML_Custom_Default_idp_slo_redirect_url', source.endingAddress ?? ''],
    ['SAML_Custom_Default_idp_entity_id', source.entityId],
    ['SAML_Custom_Default_cert', source.certificates],
  ];
}

async function readBy(read: (text: string) => Promise<SamlSource>, text: string): Promise<SamlSource> {
  try {
    return await read(text);
  } catch (cause) {
    throw new Refusal('metadata-unfit', cause instanceof Error ? cause.message : String(cause));
  }
}

async function textOf(source: string): Promise<string> {
  const url = URL.parse(source);
  if (url === null || (url.protocol !== 'https:' && url.protocol !== 'http:')) return fileText(source);
  if (url.protocol === 'http:' && !isLoopback(url.hostname)) {
    throw new UsageError('Over plain HTTP anybody on the way could put their certificate in: use https://.');
  }
  const { status, text } = await outboundOver()({
    url: source,
    chosenBy: 'operator',
    headers: { Accept: 'application/samlmetadata+xml, application/xml, text/xml' },
    mostBytes,
  }).catch((cause: unknown) => {
    throw new Refusal('metadata-unreachable', cause instanceof Error ? cause.message : String(cause));
  });
  if (status !== 200) throw new Refusal('metadata-unreachable', `The address answered with ${status}.`);
  return text;
}

function fileText(path: string): string {
  const size = statSync(path, { throwIfNoEntry: false })?.size;
  if (size === undefined) throw new UsageError(`There is no file ${path}.`);
  if (size > mostBytes) throw new UsageError('The file is larger than metadata of one identity provider can be.');
  return readFileSync(path, 'utf8');
}
