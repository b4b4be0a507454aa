import { execFile, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { serverLdif } from './slapd-ldif.ts';
import { systemProgram } from './system-package.ts';

const run = promisify(execFile);

/** What of the server's certificate is made wrong. */
export type WrongCertificate = 'name' | 'expired';

/** A running OpenLDAP with people of its own (`slapd-ldif.ts`), and nobody else's files. */
export interface Slapd {
  readonly port: number;
  readonly tlsPort: number;
  /** Of the CA that has signed the server's certificate. */
  readonly ca: string;
  /** Settings that fit this directory, as `OVERWRITE_SETTING_*` variables of a plain connection. */
  readonly env: Readonly<Record<string, string>>;
  /** Adds entries, or changes some where the text has `changetype` lines. */
  readonly apply: (ldif: string) => Promise<void>;
  readonly stop: () => Promise<void>;
}

/** @returns why there can be none here, or undefined */
export function slapdMissing(): string | undefined {
  const parts = [
    systemProgram('slapd', ['slapd', 'ldap-utils']),
    systemProgram('ldapmodify', ['ldap-utils']),
    systemProgram('openssl', ['openssl']),
  ];
  for (const part of parts) if ('missing' in part) return part.missing;
  return undefined;
}

/**
 * Brings up an OpenLDAP in a folder of its own, on free ports, with StartTLS and LDAPS by a CA of its own.
 * @param options.allowEmpty says yes to an empty password with any name, as Active Directory does
 * @param options.certificate makes the server's certificate one that must not be trusted
 */
export async function openSlapd(
  options: { readonly allowEmpty?: boolean; readonly certificate?: WrongCertificate } = {},
): Promise<Slapd> {
  const folder = mkdtempSync(join(tmpdir(), 'countersign-slapd-'));
  for (const name of ['tls', 'slapd.d', 'db', 'run']) mkdirSync(join(folder, name));
  // A copy: where the distribution confines the installed one, it must not read our folder.
  const program = join(folder, 'slapd');
  copyFileSync(found('slapd'), program);
  chmodSync(program, 0o755);
  certify(join(folder, 'tls'), options.certificate);
  const { config, people } = serverLdif(folder, options.allowEmpty === true);
  writeFileSync(join(folder, 'config.ldif'), config);
  execFileSync(program, ['-Tadd', '-n', '0', '-F', join(folder, 'slapd.d'), '-l', join(folder, 'config.ldif')]);
  const [port, tlsPort] = [await freePort(), await freePort()];
  const urls = `ldap://127.0.0.1:${String(port)} ldaps://127.0.0.1:${String(tlsPort)}`;
  const server = spawn(program, ['-d', '0', '-F', join(folder, 'slapd.d'), '-h', urls], { stdio: 'ignore' });
  const ended = once(server, 'exit');
  const end = (): void => {
    server.kill('SIGKILL');
  };
  process.once('exit', end);
  const address = `ldap://127.0.0.1:${String(port)}`;
  const stop = async (): Promise<void> => {
    server.kill('SIGTERM');
    await ended;
    process.off('exit', end);
    rmSync(folder, { recursive: true, force: true });
  };
  let files = 0;
  const apply = async (ldif: string): Promise<void> => {
    files += 1;
    const file = join(folder, `change-${String(files)}.ldif`);
    writeFileSync(file, ldif);
    const who = ['-x', '-H', address, '-D', 'cn=admin,dc=example,dc=test', '-w', 'admin-secret'];
    // Referrals are written as what they are; `-a`: entries without a `changetype` are added.
    await run(found('ldapmodify'), ['-M', '-a', ...who, '-f', file], { maxBuffer: 64 << 20 });
  };
  try {
    await untilItAnswers(address, () => server.exitCode !== null);
    await apply(people);
  } catch (cause) {
    await stop();
    throw cause;
  }
  return {
    port,
    tlsPort,
    ca: readFileSync(join(folder, 'tls', 'ca.crt'), 'utf8'),
    env: environmentOf(port),
    apply,
    stop,
  };
}

function environmentOf(port: number): Record<string, string> {
  const values = {
    LDAP_Enable: 'true',
    LDAP_Server_Type: '',
    LDAP_Host: '127.0.0.1',
    LDAP_Port: String(port),
    LDAP_Authentication: 'true',
    LDAP_Authentication_UserDN: 'cn=svc-read,ou=services,dc=example,dc=test',
    LDAP_Authentication_Password: 'svc-secret',
    LDAP_BaseDN: 'dc=example,dc=test',
    LDAP_User_Search_Filter: '(objectclass=inetOrgPerson)',
    LDAP_User_Search_Field: 'uid',
    LDAP_Connect_Timeout: '5000',
    LDAP_Timeout: '10000',
  };
  return Object.fromEntries(Object.entries(values).map(([id, value]) => [`OVERWRITE_SETTING_${id}`, value]));
}

function found(program: string): string {
  const part = systemProgram(program, []);
  if ('missing' in part) throw new Error(part.missing);
  return part.path;
}

/** A CA, and a certificate of it for `localhost` and 127.0.0.1 in `folder`. */
function certify(folder: string, wrong: WrongCertificate | undefined): void {
  const at = (name: string): string => join(folder, name);
  const openssl = (...command: readonly string[]): void => {
    execFileSync(found('openssl'), command, { stdio: 'ignore' });
  };
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
  const authority = [
    '-addext',
    'basicConstraints=critical,CA:TRUE',
    '-addext',
    'keyUsage=critical,keyCertSign,cRLSign',
  ];
  const own = ['-keyout', at('ca.key'), '-out', at('ca.crt'), '-subj', '/CN=Test LDAP CA'];
  openssl('req', '-x509', ...key, '-days', '30', ...own, ...authority);
  openssl('req', ...key, '-keyout', at('server.key'), '-out', at('server.csr'), '-subj', '/CN=ldap');
  const names = wrong === 'name' ? 'DNS:elsewhere.test' : 'DNS:localhost,IP:127.0.0.1';
  writeFileSync(at('ext.cnf'), `subjectAltName=${names}\nextendedKeyUsage=serverAuth\nbasicConstraints=CA:FALSE\n`);
  const signer = ['-CA', at('ca.crt'), '-CAkey', at('ca.key'), '-CAcreateserial', '-extfile', at('ext.cnf')];
  const days = wrong === 'expired' ? '-1' : '30';
  openssl('x509', '-req', '-in', at('server.csr'), ...signer, '-days', days, '-out', at('server.crt'));
}

async function untilItAnswers(address: string, hasEnded: () => boolean): Promise<void> {
  const until = Date.now() + 30_000;
  for (;;) {
    try {
      await run(found('ldapsearch'), ['-x', '-H', address, '-b', '', '-s', 'base']);
      return;
    } catch (cause) {
      if (hasEnded() || Date.now() > until) throw new Error('slapd does not answer.', { cause });
    }
    await new Promise((resolve) => {
      setTimeout(resolve, 50);
    });
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('No port is free.');
  return address.port;
}
