import { readFileSync } from 'node:fs';
import { BlockList, isIP } from 'node:net';
import type { MailServer } from './core/mailer.ts';

/** What the environment decides outside the settings: see `variables` for each name. */
export interface Config {
  readonly port: number;
  readonly address: string;
  /** Where clients reach the server, without a slash at the end. */
  readonly rootUrl: string;
  /** Whether `ROOT_URL` was given, rather than guessed from the port. */
  readonly rootUrlGiven: boolean;
  readonly database:
    | { readonly kind: 'sqlite'; readonly file: string }
    | { readonly kind: 'postgres'; readonly url: string };
  readonly key: string | undefined;
  /** `'outbox'`: mails stay in the outbox on purpose. Undefined leaves it to the settings. */
  readonly mail: MailServer | 'outbox' | undefined;
  readonly administrator: {
    readonly username: string;
    readonly password: string | undefined;
    readonly name: string;
    readonly email: string | undefined;
    readonly emailVerified: boolean;
  };
  readonly tokenMaking: { readonly on: boolean; readonly secret: string | undefined };
  readonly proxies: { readonly trusted: BlockList | undefined; readonly hops: number };
  readonly logLevel: LogLevel;
  readonly metricsToken: string | undefined;
}

export const logLevels = ['silent', 'fatal', 'error', 'warn', 'info', 'debug', 'trace'] as const;
export type LogLevel = (typeof logLevels)[number];

/** A variable of the environment, as the reference page shows it. */
export interface Variable {
  readonly initial: string;
  /** May also come as `<NAME>_FILE`, the path of a file that holds it. */
  readonly secret?: boolean;
  readonly about: string;
}

/** Every variable of the environment that is no setting: the one list that is parsed and documented. */
export const variables = {
  PORT: { initial: '3000', about: 'The TCP port to listen on; 0 takes a free one.' },
  BIND_IP: { initial: '127.0.0.1', about: 'The address to listen on; 0.0.0.0 or :: for all.' },
  ROOT_URL: {
    initial: 'http://localhost:<PORT>',
    about: 'Where clients reach this server; the base of every link. Sets Site_Url until an administrator changes it.',
  },
  DATABASE_URL: {
    initial: 'sqlite:./data/countersign.db',
    secret: true,
    about: 'The store: `sqlite:<file>` for the embedded one, `postgres://…` for PostgreSQL 14 or later.',
  },
  COUNTERSIGN_KEY: {
    initial: '',
    secret: true,
    about:
      'The key that seals secrets in the store: 32 bytes in base64. With SQLite a key file is made beside the database where it is missing; with PostgreSQL it is required.',
  },
  MAIL_URL: {
    initial: '',
    secret: true,
    about:
      'The mail server, `smtp://user:password@host:port` or `smtps://…`, instead of the SMTP settings; `?ignoreTLS=true` never attempts STARTTLS. `outbox:` keeps mails in the outbox on purpose, and counts as delivery.',
  },
  ADMIN_USERNAME: { initial: 'admin', about: 'Username of the administrator who is made while there is none.' },
  ADMIN_PASS: {
    initial: '',
    secret: true,
    about: 'Password of that administrator; without it a random one is made and printed once.',
  },
  ADMIN_NAME: { initial: 'Administrator', about: 'Display name of that administrator.' },
  ADMIN_EMAIL: { initial: '', about: 'E-mail address of that administrator.' },
  ADMIN_EMAIL_VERIFIED: { initial: 'false', about: '`true` marks that address as verified.' },
  CREATE_TOKENS_FOR_USERS: {
    initial: 'false',
    about: '`true` or `yes` opens `users.createToken`; the permission is always asked.',
  },
  CREATE_TOKENS_FOR_USERS_SECRET: {
    initial: '',
    secret: true,
    about: 'Opens `users.createToken` as well, and must then be sent in the body as `secret`.',
  },
  TRUSTED_PROXIES: {
    initial: '',
    about: 'Comma-separated addresses and CIDR ranges of proxies whose `X-Forwarded-For` is believed.',
  },
  HTTP_FORWARDED_COUNT: {
    initial: '0',
    about: 'How many proxies stand in front, where TRUSTED_PROXIES is empty; 0 believes no header.',
  },
  LOG_LEVEL: { initial: 'info', about: `One of ${logLevels.join(', ')}.` },
  METRICS_TOKEN: {
    initial: '',
    secret: true,
    about:
      'Lets `/metrics` be read from other machines with `Authorization: Bearer <token>`; without it only from this one.',
  },
} as const satisfies Readonly<Record<string, Variable>>;

type Name = keyof typeof variables;

/** The environment cannot be used as it is; the message is one sentence for the operator. */
export class ConfigError extends Error {}

/**
 * Reads the environment.
 * @param env as `process.env`
 * @throws ConfigError naming the variable and what it should be
 */
export function readConfig(env: Readonly<Record<string, string | undefined>>): Config {
  const get = (name: Name): string | undefined => valueOf(env, name);
  const port = integer('PORT', get('PORT') ?? variables.PORT.initial, 0, 65_535);
  const rootUrl = get('ROOT_URL');
  return {
    port,
    address: ipAddress('BIND_IP', get('BIND_IP') ?? variables.BIND_IP.initial),
    rootUrl: webAddress(rootUrl ?? `http://localhost:${port}`),
    rootUrlGiven: rootUrl !== undefined,
    database: database(get('DATABASE_URL') ?? variables.DATABASE_URL.initial),
    key: key(get('COUNTERSIGN_KEY')),
    mail: mail(get('MAIL_URL')),
    administrator: {
      username: get('ADMIN_USERNAME') ?? variables.ADMIN_USERNAME.initial,
      password: get('ADMIN_PASS'),
      name: get('ADMIN_NAME') ?? variables.ADMIN_NAME.initial,
      email: get('ADMIN_EMAIL'),
      emailVerified: flag('ADMIN_EMAIL_VERIFIED', get('ADMIN_EMAIL_VERIFIED')),
    },
    tokenMaking: tokenMaking(get),
    proxies: {
      trusted: proxies(get('TRUSTED_PROXIES')),
      hops: integer('HTTP_FORWARDED_COUNT', get('HTTP_FORWARDED_COUNT') ?? '0', 0, 100),
    },
    logLevel: logLevel(get('LOG_LEVEL') ?? variables.LOG_LEVEL.initial),
    metricsToken: get('METRICS_TOKEN'),
  };
}

function valueOf(env: Readonly<Record<string, string | undefined>>, name: Name): string | undefined {
  const definition: Variable = variables[name];
  const given = env[name];
  const file = definition.secret === true ? env[`${name}_FILE`] : undefined;
  if (file !== undefined && file !== '') {
    if (given !== undefined && given !== '') throw new ConfigError(`${name} and ${name}_FILE are both set; keep one.`);
    try {
      return nonEmpty(readFileSync(file, 'utf8').trim());
    } catch {
      throw new ConfigError(`${name}_FILE names a file that cannot be read.`);
    }
  }
  return nonEmpty(given);
}

function nonEmpty(text: string | undefined): string | undefined {
  return text === '' ? undefined : text;
}

function integer(name: Name, text: string, least: number, most: number): number {
  const value = Number(text);
  if (!/^\d{1,9}$/u.test(text) || value < least || value > most) {
    throw new ConfigError(`${name} must be a whole number from ${least} to ${most}.`);
  }
  return value;
}

function flag(name: Name, text: string | undefined): boolean {
  if (text === undefined) return false;
  const value = text.toLowerCase();
  if (value === 'true' || value === 'yes' || value === '1') return true;
  if (value === 'false' || value === 'no' || value === '0') return false;
  throw new ConfigError(`${name} must be true or false.`);
}

function ipAddress(name: Name, text: string): string {
  if (isIP(text) === 0) throw new ConfigError(`${name} must be an IP address.`);
  return text;
}

function webAddress(text: string): string {
  const problem = new ConfigError('ROOT_URL must be an http:// or https:// address without query and fragment.');
  let url: URL;
  try {
    url = new URL(text);
  } catch {
    throw problem;
  }
  const plain = (url.protocol === 'http:' || url.protocol === 'https:') && url.search === '' && url.hash === '';
  if (!plain || url.username !== '' || url.password !== '') throw problem;
  return text.replace(/\/+$/u, '');
}

function database(text: string): Config['database'] {
  if (/^postgres(?:ql)?:\/\//u.test(text)) return { kind: 'postgres', url: text };
  const file = /^sqlite:(?:\/\/)?(.+)$/u.exec(text)?.[1];
  if (file === undefined) throw new ConfigError('DATABASE_URL must begin with sqlite: or postgres://.');
  return { kind: 'sqlite', file };
}

function key(text: string | undefined): string | undefined {
  if (text !== undefined && Buffer.from(text, 'base64').length !== 32) {
    throw new ConfigError('COUNTERSIGN_KEY must be 32 bytes in base64.');
  }
  return text;
}

function mail(text: string | undefined): Config['mail'] {
  if (text === undefined) return undefined;
  if (text === 'outbox:') return 'outbox';
  const problem = new ConfigError(
    'MAIL_URL must be outbox: or smtp://user:password@host:port (or smtps://), user and password being percent-encoded.',
  );
  try {
    const url = new URL(text);
    const secure = url.protocol === 'smtps:';
    const host = decodeURIComponent(url.hostname).replaceAll(/^\[|\]$/gu, '');
    const ignoreTls = url.searchParams.get('ignoreTLS');
    const fits =
      (secure || url.protocol === 'smtp:') &&
      /^[a-z0-9.:_-]+$/iu.test(host) &&
      url.port !== '0' &&
      ['', '/'].includes(url.pathname) &&
      url.hash === '' &&
      ['', '?ignoreTLS=true', '?ignoreTLS=false'].includes(url.search) &&
      (url.username !== '' || url.password === '');
    if (!fits) throw problem;
    const credentials =
      url.username === ''
        ? undefined
        : { user: decodeURIComponent(url.username), password: decodeURIComponent(url.password) };
    const port = url.port === '' ? (secure ? 465 : 587) : Number(url.port);
    return { host, port, secure, ignoreTls: ignoreTls === 'true', credentials };
  } catch {
    throw problem;
  }
}

function tokenMaking(get: (name: Name) => string | undefined): Config['tokenMaking'] {
  const secret = get('CREATE_TOKENS_FOR_USERS_SECRET');
  return { on: flag('CREATE_TOKENS_FOR_USERS', get('CREATE_TOKENS_FOR_USERS')) || secret !== undefined, secret };
}

function proxies(text: string | undefined): BlockList | undefined {
  if (text === undefined) return undefined;
  const list = new BlockList();
  for (const entry of text.split(',').map((item) => item.trim())) {
    if (entry === '') continue;
    const [address = '', bits] = entry.split('/', 2);
    const version = isIP(address);
    const most = version === 4 ? 32 : 128;
    const prefix = bits === undefined ? most : Number(bits);
    const fits = version !== 0 && Number.isInteger(prefix) && prefix >= 0 && prefix <= most && bits !== '';
    if (!fits) throw new ConfigError('TRUSTED_PROXIES must be a comma-separated list of IP addresses and CIDR ranges.');
    list.addSubnet(address, prefix, version === 4 ? 'ipv4' : 'ipv6');
  }
  return list;
}

function logLevel(text: string): LogLevel {
  const level = logLevels.find((one) => one === text.toLowerCase());
  if (level === undefined) throw new ConfigError(`LOG_LEVEL must be one of ${logLevels.join(', ')}.`);
  return level;
}
