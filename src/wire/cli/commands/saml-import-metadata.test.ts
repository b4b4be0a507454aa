import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { keyPair } from '../../../../test/certificate.ts';
import { handClock, openWorld, type World } from '../../../../test/world.ts';
import { call } from '../fake-needs.suite.ts';

const binding = 'urn:oasis:names:tc:SAML:2.0:bindings:HTTP-';
const { certificate } = keyPair({ from: handClock().now() });
const bare = certificate.replace(/-----[A-Z ]+-----/gu, '');
const key = (use: string): string =>
  `<KeyDescriptor${use}><ds:KeyInfo xmlns:ds="http://www.w3.org/2000/09/xmldsig#"><ds:X509Data><ds:X509Certificate>${bare}</ds:X509Certificate></ds:X509Data></ds:KeyInfo></KeyDescriptor>`;
const metadata = `<?xml version="1.0"?>
<EntityDescriptor xmlns="urn:oasis:names:tc:SAML:2.0:metadata" entityID="urn:idp" validUntil="2027-01-01T00:00:00Z"><IDPSSODescriptor protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol">${key(' use="signing"')}${key('')}<SingleLogoutService Binding="${binding}Redirect" Location="https://idp.example/slo"/><SingleSignOnService Binding="${binding}POST" Location="https://idp.example/post"/><SingleSignOnService Binding="${binding}Redirect" Location="https://idp.example/sso"/></IDPSSODescriptor></EntityDescriptor>`;

describe('saml import-metadata', () => {
  let world: World;
  let folder: string;
  before(async () => {
    world = await openWorld();
    folder = mkdtempSync(join(tmpdir(), 'countersign-metadata-'));
  });
  after(async () => {
    await world.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const run = async (...words: readonly string[]): Promise<{ code: number; out: string; err: string }> =>
    await call(['saml', 'import-metadata', ...words], {
      openApp: async () => await Promise.resolve({ app: world.app, close: async () => {} }),
    });
  const file = (text: string): string => {
    const path = join(folder, 'metadata.xml');
    writeFileSync(path, text);
    return path;
  };

  it('shows what it would change, and changes it when it is told to', async () => {
    const path = file(metadata);
    const shown = await run(path);
    assert.equal(shown.code, 0, shown.err);
    assert.match(shown.out, /^SAML_Custom_Default_entry_point: https:\/\/idp\.example\/sso$/mu);
    assert.match(shown.err, /--yes/u);
    assert.notEqual(world.app.settings.get('SAML_Custom_Default_entry_point'), 'https://idp.example/sso');
    assert.equal((await run(path, '--yes')).code, 0);
    assert.equal(world.app.settings.get('SAML_Custom_Default_entry_point'), 'https://idp.example/sso');
    assert.equal(world.app.settings.get('SAML_Custom_Default_idp_slo_redirect_url'), 'https://idp.example/slo');
    assert.equal(world.app.settings.get('SAML_Custom_Default_idp_entity_id'), 'urn:idp');
    assert.equal(world.app.settings.get('SAML_Custom_Default_cert').trim(), certificate.trim());
    assert.match((await run(path)).out, /already/u);
  });

  it('refuses what describes no single provider, and what has ended', async () => {
    const open = '<EntitiesDescriptor xmlns="urn:oasis:names:tc:SAML:2.0:metadata">';
    const entity = metadata.replace(/^.*\n/u, '');
    for (const [text, reason] of [
      ['<x/>', 'The text is no metadata of SAML 2.0.'],
      ['nonsense', 'The message is no XML.'],
      [`<!DOCTYPE x>${entity}`, 'The message declares types or entities.'],
      [`${open}</EntitiesDescriptor>`, 'The metadata describes no identity provider.'],
      [
        `${open}${entity}${entity}</EntitiesDescriptor>`,
        'The metadata describes several identity providers: give that of one.',
      ],
      [metadata.replace('2027', '2025'), 'The metadata has ended.'],
      [
        metadata.replaceAll(/<KeyDescriptor.*<\/KeyDescriptor>/gsu, ''),
        'The metadata holds no certificate for signatures.',
      ],
      [
        metadata.replaceAll('https://idp.example/sso', 'javascript:alert(1)'),
        'The identity provider takes no requests by redirect.',
      ],
    ] as const) {
      const { code, err } = await run(file(text), '--yes');
      assert.notEqual(code, 0);
      assert.ok(err.includes(reason), `${text.slice(0, 80)}: ${err}`);
    }
    assert.notEqual((await run(join(folder, 'none.xml'))).code, 0);
    assert.match((await run('http://idp.example/metadata')).err, /https:\/\//u);
  });

  it('fetches it from an address', async () => {
    const server = createServer((_request, response) => response.end(metadata));
    await new Promise<void>((resolve) => {
      server.listen(0, '127.0.0.1', resolve);
    });
    try {
      const { code, out, err } = await run(`http://127.0.0.1:${(server.address() as AddressInfo).port}/metadata`);
      assert.equal(code, 0, err);
      assert.notEqual(out, '');
    } finally {
      server.close();
    }
  });
});
