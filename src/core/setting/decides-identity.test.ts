import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { definitions } from './catalogue.ts';
import { customIds } from './custom-service.ts';
import { decidesIdentity } from './decides-identity.ts';

describe('settings that decide who somebody is', () => {
  it('are all of providers, directory, SAML and CAS, the way of the mails, and these', () => {
    const elsewhere = ['OAuth', 'LDAP', 'SAML', 'CAS'];
    const marked = [...definitions].filter(([id]) => decidesIdentity(id));
    const wanted = [...definitions].filter(([, { group }]) => elsewhere.includes(group));
    assert.deepEqual(
      marked.filter(([, { group }]) => elsewhere.includes(group)),
      wanted,
    );
    for (const group of elsewhere) assert.ok(wanted.some(([, one]) => one.group === group));
    assert.deepEqual(marked.flatMap(([id, { group }]) => (elsewhere.includes(group) ? [] : [id])).toSorted(), [
      'Accounts_Verify_Email_For_External_Accounts',
      'Countersign_Page_Cookie_Domain',
      'From_Email',
      'SMTP_Host',
      'SMTP_IgnoreTLS',
      'SMTP_Password',
      'SMTP_Port',
      'SMTP_Protocol',
      'SMTP_Username',
      'Site_Url',
    ]);
  });

  it('are those of custom services as well, and nothing that is no setting', () => {
    for (const id of customIds('Keycloak')) assert.equal(decidesIdentity(id), true, id);
    for (const id of ['', '__proto__', 'Site_Name', 'nothing']) assert.equal(decidesIdentity(id), false, id);
  });
});
