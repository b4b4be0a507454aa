/** The tree of the test directory. */
const base = 'dc=example,dc=test';
const people = `ou=people,${base}`;

/** The password of each of the people: `<uid>-pw`. */
export function directoryPassword(uid: string): string {
  return `${uid}-pw`;
}

/** An entry of a person in LDIF; `more` are further lines. The class takes the attributes of other directories as well. */
export function personLdif(uid: string, more: readonly string[] = [], rdn = `uid=${uid}`): string {
  const own = [
    `dn: ${rdn},${people}`,
    'objectClass: inetOrgPerson',
    'objectClass: otherDirectory',
    `uid:: ${Buffer.from(uid).toString('base64')}`,
    'sn: Example',
    `userPassword: ${directoryPassword(uid)}`,
  ];
  const has = (name: string): boolean => more.some((line) => line.startsWith(`${name}:`));
  return `${[...own, ...(has('cn') ? [] : [`cn: ${uid === uid.trim() ? 'Somebody' : 'Lead'}`]), ...more].join('\n')}\n\n`;
}

/** Names that mean something in a DN, with the form that RFC 4514 gives them. */
export const namesWithMeaning: readonly { readonly uid: string; readonly rdn: string }[] = [
  { uid: 'a,b', rdn: String.raw`uid=a\,b` },
  { uid: 'c+d', rdn: String.raw`uid=c\+d` },
  { uid: '"e"', rdn: String.raw`uid=\"e\"` },
  { uid: '#f', rdn: String.raw`uid=\#f` },
  { uid: 'g(h)', rdn: 'uid=g(h)' },
  { uid: 'i\\j', rdn: String.raw`uid=i\\j` },
  { uid: 'k=l', rdn: String.raw`uid=k\=l` },
];

/** The server's own configuration and its first entries. */
export function serverLdif(folder: string, allowEmpty: boolean): { readonly config: string; readonly people: string } {
  return { config: configLdif(folder, allowEmpty), people: firstEntries() };
}

function configLdif(folder: string, allowEmpty: boolean): string {
  return `dn: cn=config
objectClass: olcGlobal
cn: config
olcPidFile: ${folder}/run/slapd.pid
olcTLSCACertificateFile: ${folder}/tls/ca.crt
olcTLSCertificateFile: ${folder}/tls/server.crt
olcTLSCertificateKeyFile: ${folder}/tls/server.key
olcTLSVerifyClient: never
${allowEmpty ? 'olcAllows: bind_anon_dn' : 'olcLogLevel: none'}

dn: cn=module{0},cn=config
objectClass: olcModuleList
cn: module{0}
olcModulePath: /usr/lib/ldap
olcModuleLoad: back_mdb
olcModuleLoad: memberof
olcModuleLoad: ppolicy

dn: cn=schema,cn=config
objectClass: olcSchemaConfig
cn: schema

include: file:///etc/ldap/schema/core.ldif
include: file:///etc/ldap/schema/cosine.ldif
include: file:///etc/ldap/schema/inetorgperson.ldif
include: file:///etc/ldap/schema/nis.ldif

dn: cn=other,cn=schema,cn=config
objectClass: olcSchemaConfig
cn: other
${otherDirectorySchema()}

dn: olcDatabase={-1}frontend,cn=config
objectClass: olcDatabaseConfig
objectClass: olcFrontendConfig
olcDatabase: {-1}frontend
olcSizeLimit: size.soft=500 size.hard=500 size.prtotal=unlimited
olcAccess: {0}to dn.base="" by * read
olcAccess: {1}to dn.base="cn=Subschema" by * read
olcAccess: {2}to * by * break

dn: olcDatabase={0}config,cn=config
objectClass: olcDatabaseConfig
olcDatabase: {0}config
olcRootDN: cn=config
olcRootPW: admin-secret
olcAccess: to * by * none

dn: olcDatabase={1}mdb,cn=config
objectClass: olcDatabaseConfig
objectClass: olcMdbConfig
olcDatabase: {1}mdb
olcSuffix: ${base}
olcRootDN: cn=admin,${base}
olcRootPW: admin-secret
olcDbDirectory: ${folder}/db
olcDbMaxSize: 268435456
olcDbEnvFlags: nosync
olcDbIndex: objectClass eq
olcDbIndex: uid,mail,cn eq,sub
olcDbIndex: uniqueMember,memberUid,member eq
olcAccess: {0}to attrs=userPassword by self write by anonymous auth by * none
olcAccess: {1}to * by dn.exact="cn=svc-read,ou=services,${base}" read by self read by users read by anonymous none

dn: olcOverlay={0}memberof,olcDatabase={1}mdb,cn=config
objectClass: olcOverlayConfig
objectClass: olcMemberOf
olcOverlay: {0}memberof
olcMemberOfGroupOC: groupOfUniqueNames
olcMemberOfMemberAD: uniqueMember
olcMemberOfMemberOfAD: memberOf
olcMemberOfRefInt: TRUE

dn: olcOverlay={1}ppolicy,olcDatabase={1}mdb,cn=config
objectClass: olcOverlayConfig
objectClass: olcPPolicyConfig
olcOverlay: {1}ppolicy
olcPPolicyDefault: cn=default,ou=policies,${base}
`;
}

/** Attributes of Active Directory, 389 and others, under numbers that are free for tests (RFC 3383's experimental arc). */
function otherDirectorySchema(): string {
  const octets = '1.3.6.1.4.1.1466.115.121.1.40';
  const text = 'EQUALITY caseIgnoreMatch SUBSTR caseIgnoreSubstringsMatch SYNTAX 1.3.6.1.4.1.1466.115.121.1.15';
  const attributes = [
    ['objectGUID', `EQUALITY octetStringMatch SYNTAX ${octets}`],
    ['sAMAccountName', text],
    ['userAccountControl', text],
    ['lockoutTime', text],
    ['lockoutDuration', text],
    ['nsAccountLock', text],
    ['loginDisabled', text],
    ['orclIsEnabled', text],
    ['blob', `SYNTAX ${octets}`],
    ['thumbnailPhoto', `SYNTAX ${octets}`],
    ['department', text],
  ] as const;
  const types = attributes.map(
    ([name, rest], at) => `olcAttributeTypes: ( 1.3.6.1.4.1.4203.666.1.${String(at + 900)} NAME '${name}' ${rest} )`,
  );
  const may = attributes.map(([name]) => name).join(' $ ');
  const kind = `olcObjectClasses: ( 1.3.6.1.4.1.4203.666.3.900 NAME 'otherDirectory' SUP top AUXILIARY MAY ( ${may} ) )`;
  return [...types, kind].join('\n');
}

function firstEntries(): string {
  const units = ['people', 'groups', 'services', 'policies'].map(
    (ou) => `dn: ou=${ou},${base}\nobjectClass: organizationalUnit\nou: ${ou}\n\n`,
  );
  return `dn: ${base}
objectClass: dcObject
objectClass: organization
dc: example
o: Example

${units.join('')}dn: cn=default,ou=policies,${base}
objectClass: person
objectClass: pwdPolicy
cn: default
sn: default
pwdAttribute: userPassword
pwdLockout: TRUE
pwdMaxFailure: 500

dn: cn=svc-read,ou=services,${base}
objectClass: simpleSecurityObject
objectClass: organizationalRole
cn: svc-read
userPassword: svc-secret

${somePeople()}dn: cn=ROCKET_CHAT,ou=groups,${base}
objectClass: groupOfUniqueNames
cn: ROCKET_CHAT
uniqueMember: uid=alice,${people}
uniqueMember: uid=a\\,b,${people}
uniqueMember: uid=g(h),${people}

dn: cn=rocket-admin,ou=groups,${base}
objectClass: posixGroup
cn: rocket-admin
gidNumber: 20001
memberUid: alice

dn: uid=locked,${people}
changetype: modify
replace: pwdAccountLockedTime
pwdAccountLockedTime: 000001010000Z
`;
}

function somePeople(): string {
  const posix = (uid: string, number: number): readonly string[] => [
    'objectClass: posixAccount',
    `uidNumber: ${String(number)}`,
    'gidNumber: 10000',
    `homeDirectory: /home/${uid}`,
  ];
  return [
    personLdif('alice', [
      ...posix('alice', 10_001),
      'cn: Alice Example',
      'givenName: Alice',
      'mail: alice@example.test',
    ]),
    personLdif('bob', [
      ...posix('bob', 10_002),
      'cn: Bob (Ops) *Star*',
      'mail: bob@example.test',
      'mail: bob.alias@example.test',
    ]),
    personLdif('nomail', ['cn: No Mail']),
    personLdif('locked', ['cn: Locked Out', 'mail: locked@example.test']),
    // Disabled in the ways of other directories, of which this one knows nothing: it says yes to the password.
    personLdif('off-ad', ['mail: off-ad@example.test', 'userAccountControl: 514']),
    personLdif('off-389', ['mail: off-389@example.test', 'nsAccountLock: TRUE']),
    personLdif('off-edir', ['mail: off-edir@example.test', 'loginDisabled: TRUE']),
    personLdif('off-oid', ['mail: off-oid@example.test', 'orclIsEnabled: DISABLED']),
    personLdif('html', ['cn: <b onmouseover=alert(1)>Html</b>', 'mail: html@example.test']),
    ...namesWithMeaning.map(({ uid, rdn }, at) => personLdif(uid, [`mail: special${String(at)}@example.test`], rdn)),
  ].join('');
}
