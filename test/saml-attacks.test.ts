import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { keyPair } from './certificate.ts';
import { assertionXml, type Claims, encoded, honest, logoutXml, responseXml, signed } from './saml-forge.ts';
import { samlSetting } from './saml-idp.ts';
import { idp, root, type SamlPlace, stranger, withSaml } from './saml-place.ts';
import { handClock } from './world.ts';

const from = handClock().now();

/** Refused: sent to the root, nothing is kept, and the log names this reason. */
async function refuses(place: SamlPlace, xml: string, reason: string | RegExp): Promise<void> {
  const came = await place.post(xml);
  assert.equal(came.to, root, xml.slice(0, 300));
  assert.match(String(came.reason), reason instanceof RegExp ? reason : new RegExp(`^${reason}$`, 'u'));
}

describe('a SAML response', () => {
  it('of an honest provider signs in, once', async () => {
    await withSaml(async (place) => {
      const xml = honest(await place.claims(), idp);
      const { token } = await place.post(xml);
      const { status, json } = await place.logIn(token);
      assert.equal(status, 200, JSON.stringify(json));
      assert.equal((json['data'] as { me: { username: string } }).me.username, 'alice');
      assert.equal((await place.logIn(token)).json['message'], 'No matching login attempt found');
      await refuses(place, xml, 'The request is unknown, answered already, or too old\\.');
    });
  });

  it('unsigned, or signed in part only, is refused (M01)', async () => {
    await withSaml(async (place) => {
      const bare = async (): Promise<Claims> => await place.claims();
      const one = await bare();
      await refuses(place, responseXml(one, assertionXml(one)), 'Invalid Signature');
      const two = await bare();
      await refuses(place, signed(responseXml(two, assertionXml(two)), 'Response', idp), 'Invalid Assertion signature');
      const three = await bare();
      await refuses(place, responseXml(three, signed(assertionXml(three), 'Assertion', idp)), 'Invalid Signature');
    });
  });

  for (const [type, response, assertion] of [
    ['Response', true, false],
    ['Assertion', false, true],
    ['Either', true, true],
  ] as const) {
    it(`is taken as the settings say: ${type} (M01)`, async () => {
      await withSaml(
        async (place) => {
          const outer = await place.claims();
          const one = await place.post(signed(responseXml(outer, assertionXml(outer)), 'Response', idp));
          assert.equal(one.token !== undefined, response);
          const inner = await place.claims();
          const two = await place.post(responseXml(inner, signed(assertionXml(inner), 'Assertion', idp)));
          assert.equal(two.token !== undefined, assertion);
          const none = await place.claims();
          assert.equal((await place.post(responseXml(none, assertionXml(none)))).to, root);
          // A signature that does not hold is refused even where it is not asked for.
          const bad = await place.claims();
          const both = honest(bad, idp);
          for (const xml of [
            both.replace('Alice Example', 'Mallory'),
            responseXml(bad, signed(assertionXml(bad), 'Assertion', stranger)),
          ]) {
            assert.equal((await place.post(xml)).to, root);
          }
        },
        { [samlSetting('_signature_validation_type')]: type },
      );
    });
  }

  it('that was changed after it was signed is refused', async () => {
    await withSaml(async (place) => {
      const xml = honest(await place.claims(), idp);
      await refuses(place, xml.replace('Alice Example', 'Mallory'), /^Invalid/u);
      await refuses(place, xml.replace('<saml:NameID', '<saml:NameID x="y"'), /^Invalid/u);
      // Unharmed it is good all the same: nothing was used up.
      assert.notEqual((await place.post(xml)).token, undefined);
    });
  });

  it('that is wrapped around a signed one is refused', async () => {
    await withSaml(async (place) => {
      const told = await place.claims();
      const good = honest(told, idp);
      const evil = {
        ...told,
        nameId: 'root@example.com',
        attributes: { email: 'root@example.com', username: 'root' },
        assertionId: '_evil',
        responseId: '_evilresponse',
      };
      const evilAssertion = assertionXml(evil);
      const goodAssertion = /<saml:Assertion.*<\/saml:Assertion>/su.exec(good)?.[0] ?? '';
      const signature = /<ds:Signature|<Signature/u.test(good)
        ? (/<Signature[^>]*>.*?<\/Signature>/su.exec(good)?.[0] ?? '')
        : '';
      const wraps = [
        responseXml(evil, evilAssertion + goodAssertion),
        responseXml(evil, goodAssertion + evilAssertion),
        responseXml(evil, evilAssertion.replace('</saml:Assertion>', `${goodAssertion}</saml:Assertion>`)),
        responseXml(evil, evilAssertion + good),
        responseXml(
          evil,
          evilAssertion.replace(
            '</saml:Issuer>',
            `</saml:Issuer>${signature.replace('</Signature>', `<Object>${good}</Object></Signature>`)}`,
          ),
        ),
        good.replace('</samlp:Status>', `</samlp:Status><samlp:Extensions>${evilAssertion}</samlp:Extensions>`),
        good.replace('</samlp:Response>', `${evilAssertion}</samlp:Response>`),
        `<x>${good}</x>`,
        evilAssertion,
        // The same id twice: which of them was signed?
        responseXml(
          { ...evil, responseId: told.responseId },
          evilAssertion.replaceAll('_evil', told.assertionId) + goodAssertion,
        ),
      ];
      for (const xml of wraps) assert.equal((await place.post(xml)).to, root, xml);
      await refuses(
        place,
        good.replace('</samlp:Response>', `${evilAssertion}</samlp:Response>`),
        'Too many SAML assertions',
      );
      await refuses(place, responseXml(evil, evilAssertion + good), 'Too many SAML responses');
    });
  });

  it('is refused with several signatures of one element, or one in a strange place', async () => {
    await withSaml(async (place) => {
      const good = honest(await place.claims(), idp);
      const signature = /<Signature[^>]*>.*?<\/Signature>/su.exec(good)?.[0] ?? assert.fail(good);
      await refuses(place, good.replace(signature, signature + signature), /^Too many signatures|^A signature stands/u);
      await refuses(
        place,
        good.replace('<samlp:Status>', `<samlp:Status>${signature}`),
        'A signature stands where none belongs\\.',
      );
    });
  });

  it('with a comment in a name is one name (M03)', async () => {
    await withSaml(async (place) => {
      await place.world.add('admin', { email: { address: 'admin@x.org', verified: true } });
      const told = await place.claims({
        nameId: 'admin@x.org<!---->.evil.example',
        attributes: {},
      });
      const { token } = await place.post(honest(told, idp));
      const { json } = await place.logIn(token);
      const me = (json['data'] as { me: { emails: { address: string }[] } }).me;
      assert.equal(me.emails[0]?.address, 'admin@x.org.evil.example');
      // A comment that is put in behind the provider's back changes nothing of what was signed.
      const late = honest(await place.claims({ nameId: 'admin@x.org.evil.example', attributes: {} }), idp);
      const back = await place.post(late.replace('admin@x.org.evil', 'admin@x.org<!-- -->.evil'));
      const again = await place.logIn(back.token);
      assert.equal((again.json['data'] as { userId: string }).userId, (json['data'] as { userId: string }).userId);
    });
  });

  it('of another key, or with no certificate set, is refused (M04)', async () => {
    await withSaml(async (place) => {
      // Its own certificate comes with it, and is not believed.
      await refuses(place, honest(await place.claims(), stranger), 'Invalid Signature');
    });
    await withSaml(
      async (place) => {
        const { status, location } = await place.get('/_saml/authorize/test-idp/id-of-the-client-1');
        assert.deepEqual([status, location], [302, `${root}home`]);
      },
      { [samlSetting('_cert')]: '' },
    );
  });

  it('is not asked for while something that is set cannot be read, and the log says what', async () => {
    for (const [setting, text, reason] of [
      ['_cert', 'no certificate', 'The certificate cannot be read.'],
      ['_public_cert', 'no certificate', 'Our own certificate cannot be read.'],
      ['_private_key', 'no key', 'The private key is no PEM.'],
      ['_user_data_fieldmap', '{"name": {"regex": "("}}', 'The field map cannot be read.'],
      ['_entry_point', 'javascript:alert(1)', 'SAML_Custom_Default_entry_point is no web address.'],
      [
        '_entry_point',
        'https://example.com/simplesaml/saml2/idp/SSOService.php',
        'The address for signing in is missing.',
      ],
    ] as const) {
      await withSaml(
        async (place) => {
          const { status, location } = await place.get('/_saml/authorize/test-idp/id-of-the-client-1');
          assert.deepEqual([status, location], [302, `${root}home`]);
          assert.equal(place.told.at(-1)?.['reason'], reason);
          assert.ok([200, 302].includes((await place.get('/_saml/metadata/test-idp')).status));
        },
        { [samlSetting(setting)]: text },
      );
    }
  });

  it('of a certificate that has ended, or of a short key, is refused, and the log says so (M04)', async () => {
    await withSaml(async (place) => {
      place.world.clock.move(200 * 86_400_000);
      await refuses(place, honest(await place.claims(), idp), /^The certificate ended on 20/u);
    });
    const weak = keyPair({ from, bits: 1024 });
    await withSaml(
      async (place) => {
        await refuses(
          place,
          honest(await place.claims(), weak),
          'The key of the certificate is shorter than 2048 bits\\.',
        );
      },
      { [samlSetting('_cert')]: weak.certificate },
    );
    await withSaml(
      async (place) => {
        assert.notEqual((await place.post(honest(await place.claims(), stranger))).token, undefined);
      },
      { [samlSetting('_cert')]: `${idp.certificate}${stranger.certificate}` },
    );
  });

  it('for others, or for another time, is refused (M05)', async () => {
    await withSaml(async (place) => {
      const now = place.world.clock.now();
      const times = 'NotBefore / NotOnOrAfter assertion failed';
      const cases: readonly (readonly [Partial<Claims>, string])[] = [
        [{ audience: 'urn:somebody-else' }, 'The assertion was made for another audience\\.'],
        [{ audience: undefined }, 'The assertion was made for another audience\\.'],
        [{ recipient: 'https://evil.example/' }, 'The assertion was made for another recipient\\.'],
        [{ recipient: undefined }, 'The assertion was made for another recipient\\.'],
        [{ destination: 'https://evil.example/' }, 'The response was sent to another destination\\.'],
        [{ destination: undefined }, 'The response was sent to another destination\\.'],
        [{ requestId: 'id-nobody-has-asked' }, 'The request is unknown, answered already, or too old\\.'],
        [{ requestId: undefined }, 'The response answers no request, and such are not taken\\.'],
        [{ notOnOrAfter: now }, times],
        [{ notBefore: now + 1 }, times],
        [
          { status: 'urn:oasis:names:tc:SAML:2.0:status:Responder' },
          'The identity provider has refused the sign-in\\.',
        ],
      ];
      for (const [more, reason] of cases) {
        const told = await place.claims(more);
        await refuses(place, honest(told, idp), reason);
      }
      const old = await place.claims();
      place.world.clock.move(300_001);
      await refuses(
        place,
        honest({ ...old, notOnOrAfter: now + 900_000 }, idp),
        'The request is unknown, answered already, or too old\\.',
      );
    });
  });

  it('is taken within the drift that is set, and of the issuer that is set', async () => {
    await withSaml(
      async (place) => {
        const now = place.world.clock.now();
        assert.notEqual(
          (await place.post(honest(await place.claims({ notBefore: now + 2000 }), idp))).token,
          undefined,
        );
        assert.notEqual(
          (await place.post(honest(await place.claims({ notOnOrAfter: now - 1999 }), idp))).token,
          undefined,
        );
        await refuses(place, honest(await place.claims({ notOnOrAfter: now - 2000 }), idp), /NotOnOrAfter/u);
        await refuses(
          place,
          honest(await place.claims({ issuer: 'urn:other' }), idp),
          'The message is of another issuer\\.',
        );
      },
      { [samlSetting('_allowed_clock_drift')]: '2000', [samlSetting('_idp_entity_id')]: 'urn:test-idp' },
    );
  });

  it('that is hostile XML is refused before it is read (M07)', async () => {
    await withSaml(async (place) => {
      const good = honest(await place.claims(), idp);
      const laughs = `<!DOCTYPE x [<!ENTITY a "ha">${Array.from({ length: 9 }, (_, at) => `<!ENTITY a${at} "&a;&a;&a;&a;&a;">`).join('')}]>`;
      const declared = 'The message declares types or entities\\.';
      await refuses(place, `<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>${good}`, declared);
      await refuses(place, `${laughs}${good}`, declared);
      await refuses(place, `<?xml version="1.0"?><!DOCTYPE x SYSTEM "http://127.0.0.1/x.dtd">${good}`, declared);
      await refuses(
        place,
        good.replace('<saml:Issuer>', '<?xml-stylesheet href="x"?><saml:Issuer>'),
        'The message holds an instruction\\.',
      );
      await refuses(
        place,
        `${'<a>'.repeat(5000)}${'</a>'.repeat(5000)}`,
        'The message nests too deep, or is too long\\.',
      );
      await refuses(place, `<a>${'<b/>'.repeat(6000)}</a>`, 'The message nests too deep, or is too long\\.');
      await refuses(place, `<a>${'x'.repeat(257 * 1024)}</a>`, 'The message is larger than it may be\\.');
      await refuses(place, '<a', 'The message is no XML\\.');
      await refuses(place, '', 'The message is empty, too large, or no base64\\.');
      const began = performance.now();
      const { status } = await place.form('/_saml/validate/test-idp', { SAMLResponse: 'A'.repeat(10_000_000) });
      assert.equal(status, 413);
      assert.ok(performance.now() - began < 1000);
      assert.notEqual((await place.post(good)).token, undefined);
    });
  });

  it('of great numbers of small things is refused before it is parsed, and one for many groups is taken (M07)', async () => {
    await withSaml(async (place) => {
      const bad = honest(await place.claims(), stranger);
      const put = (what: string): string => bad.replace('</samlp:Status>', `${what}</samlp:Status>`);
      const numbered = (most: number, what: (at: number) => string): string =>
        Array.from({ length: most }, (_, at) => what(at)).join('');
      await refuses(place, put('<!---->'.repeat(25_000)), 'The message holds too many comments\\.');
      await refuses(place, put('<a/>'.repeat(4800)), 'The message nests too deep, or is too long\\.');
      const tooMany = 'The message holds too many attributes\\.';
      await refuses(place, put(`<a${numbered(20_000, (at) => ` b${at}=""`)}/>`), tooMany);
      await refuses(place, put(`<a>${numbered(1000, (at) => `<b xmlns:c${at}="u"/>`)}</a>`), tooMany);
      const groups = Array.from({ length: 500 }, (_, at) => `CN=Group ${at},OU=Groups,DC=example,DC=com`);
      const told = await place.claims({ attributes: { username: 'alice', email: 'alice@example.com', groups } });
      const typed = responseXml(told, assertionXml(told)).replaceAll(
        '<saml:AttributeValue>',
        '<saml:AttributeValue xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:type="xs:string">',
      );
      const whole = signed(signed(typed, 'Assertion', idp), 'Response', idp);
      assert.notEqual((await place.post(whole)).token, undefined);
    });
  });

  it('costs no look at its signatures where it says itself that it is not for us', async () => {
    await withSaml(
      async (place) => {
        const cases: readonly (readonly [Partial<Claims>, string])[] = [
          [{ requestId: 'id-nobody-has-asked' }, 'The request is unknown, answered already, or too old\\.'],
          [{ requestId: undefined }, 'The response answers no request, and such are not taken\\.'],
          [{ destination: 'https://evil.example/' }, 'The response was sent to another destination\\.'],
          [{ issuer: 'urn:other' }, 'The message is of another issuer\\.'],
        ];
        // Of a stranger: a look at the signature would have told that instead.
        for (const [more, reason] of cases) await refuses(place, honest(await place.claims(more), stranger), reason);
        const old = logoutXml('LogoutRequest', { id: '_x', now: 0, destination: `${root}_saml/logout/test-idp` });
        const encodedOld = encoded(signed(old, 'LogoutRequest', stranger));
        await place.form('/_saml/logout/test-idp', { SAMLRequest: encodedOld });
        assert.equal(place.told.at(-1)?.['reason'], 'The message is too old, or of a clock that differs.');
      },
      { [samlSetting('_idp_entity_id')]: 'urn:test-idp' },
    );
  });

  it('is refused with hashes and keys that are not believed (M08)', async () => {
    await withSaml(async (place) => {
      const told = await place.claims();
      const old = signed(
        responseXml(told, signed(assertionXml(told), 'Assertion', idp, 'sha1')),
        'Response',
        idp,
        'sha1',
      );
      const reason = 'A signature is made with an algorithm that is not accepted\\.';
      await refuses(place, old, reason);
      const good = honest(await place.claims(), idp);
      for (const algorithm of [
        'http://www.w3.org/2000/09/xmldsig#hmac-sha1',
        'http://www.w3.org/2001/04/xmldsig-more#hmac-sha256',
        '',
      ]) {
        await refuses(place, good.replaceAll('http://www.w3.org/2001/04/xmldsig-more#rsa-sha256', algorithm), reason);
      }
      const comments = 'http://www.w3.org/2001/10/xml-exc-c14n#';
      await refuses(place, good.replaceAll(comments, `${comments}WithComments`), reason);
      await refuses(
        place,
        good.replaceAll(
          'http://www.w3.org/2000/09/xmldsig#enveloped-signature',
          'http://www.w3.org/TR/1999/REC-xslt-19991116',
        ),
        reason,
      );
      assert.notEqual((await place.post(good)).token, undefined);
    });
    await withSaml(
      async (place) => {
        const told = await place.claims();
        const old = signed(
          responseXml(told, signed(assertionXml(told), 'Assertion', idp, 'sha1')),
          'Response',
          idp,
          'sha1',
        );
        assert.notEqual((await place.post(old)).token, undefined);
      },
      { [samlSetting('_signature_algorithm')]: 'SHA1' },
    );
  });

  it('leads nowhere by its RelayState (M11)', async () => {
    await withSaml(async (place) => {
      for (const RelayState of ['https://evil.example/', 'javascript:alert(1)', '//evil.example', 'test-idp']) {
        const { to, token } = await place.post(honest(await place.claims(), idp), { RelayState });
        assert.equal(to, `${root}saml/${token ?? 'none'}?saml_idp_credentialToken=${token ?? 'none'}`);
      }
      const { to } = await place.post('<x/>', { RelayState: 'https://evil.example/' });
      assert.equal(to, root);
    });
  });

  it('that nobody asked for is taken only where the settings say so, and once (M12)', async () => {
    await withSaml(
      async (place) => {
        const xml = honest(await place.claims({ requestId: undefined }), idp);
        assert.notEqual((await place.post(xml)).token, undefined);
        await refuses(place, xml, 'An assertion with the same ID cannot be used more than once\\.');
        // Asked ones are good for one answer still.
        await refuses(
          place,
          honest(await place.claims({ requestId: 'id-nobody-has-asked' }), idp),
          /^The request is unknown/u,
        );
      },
      { [samlSetting('_allow_idp_initiated')]: 'true' },
    );
  });

  it('is looked for under the name of the provider alone (M13)', async () => {
    await withSaml(async ({ get }) => {
      for (const action of ['authorize', 'validate', 'metadata', 'logout', 'sloRedirect']) {
        const tail = action === 'authorize' ? '/id-of-the-client-1' : '';
        for (const name of ['..%2f..%2fadmin', '%2e%2e', '%00', 'a%20b', `a${'b'.repeat(64)}`, '<script>']) {
          const { status } = await get(`/_saml/${action}/${name}${tail}`);
          assert.equal(status, 404, `${action} ${name}`);
        }
        const { status, location } = await get(`/_saml/${action}/other${tail}`);
        if (action === 'validate' || action === 'logout') assert.equal(status, 302);
        else assert.deepEqual([status, location], [302, `${root}home`]);
      }
      assert.equal((await get('/_saml/authorize/test-idp/short')).status, 404);
      assert.equal((await get('/_saml/authorize/test-idp/a%22%3E%3Cx%3E-and-more-of-it')).status, 404);
    });
  });

  it('gives nobody more than an account has (M16)', async () => {
    await withSaml(async (place) => {
      const alice = await place.world.add('alice');
      const first = await place.logIn((await place.post(honest(await place.claims(), idp))).token);
      assert.equal((first.json['data'] as { userId: string }).userId, alice.id);
      await place.world.app.host.setOpen(alice.id, false, { door: 'cli', address: '', userAgent: '', requestId: '' });
      const { token } = await place.post(honest(await place.claims(), idp));
      const { status, json } = await place.logIn(token);
      assert.deepEqual([status, json['error']], [401, 'error-user-is-not-activated']);
    });
  });

  it('leaves a refusal in the trail and in the log, without what it held', async () => {
    await withSaml(async (place) => {
      await place.post(honest(await place.claims({ nameId: 'very-secret-name' }), stranger));
      await place.world.app.audit.flushRefusals();
      const { entries } = await place.world.app.audit.page({ what: ['log-in'], outcome: 'refused' }, 10);
      assert.equal(entries[0]?.entry.facts['code'], 'provider-refused');
      assert.ok(!JSON.stringify([entries, place.told]).includes('very-secret-name'));
    });
  });
});
