import type { Device } from '../src/client/index.ts';
import { facts } from './facts.ts';
import { ways } from './words/ways.ts';

/** The way a client came, as the server calls it, in words. Pages sign people in as programs do. */
export function doorText(door: string, device?: Device): string {
  if (device !== undefined && browsers.has(device.type)) return ways.say('browser');
  return door in doors ? ways.say(doors[door as keyof typeof doors]) : door;
}

const browsers: ReadonlySet<Device['type']> = new Set(['browser', 'mobile', 'tablet']);

const doors = {
  'rest': 'doorRest',
  'ddp': 'doorDdp',
  'method-call': 'doorRest',
  'page': 'doorPage',
  'cli': 'doorCli',
  'server': 'doorServer',
} as const;

/** A second factor, as the server calls it, in words. */
export function factorText(factor: string): string {
  return factor in factors ? ways.say(factors[factor as keyof typeof factors]) : factor;
}

const factors = {
  totp: 'app',
  email: 'email',
  passkey: 'passkey',
  backup: 'backup',
  password: 'password',
} as const;

/** What a device calls itself: anybody's claim, and plain text. */
export function deviceText({ name, version, os }: Device): string {
  const program = [name, version.split('.', 1)[0] ?? ''].filter((part) => part !== '').join(' ');
  const system = [os.name, os.version].filter((part) => part !== '').join(' ');
  const told = [name === '' ? '' : program, system].filter((part) => part !== '');
  return told.length === 0 ? ways.say('unknownDevice') : told.join(' · ');
}

/** The name of a provider, as its button says it. */
export function providerText(provider: string): string {
  const label = facts.services.find(({ service }) => service === provider)?.label ?? '';
  return label === '' ? (brands[provider] ?? provider.charAt(0).toUpperCase() + provider.slice(1)) : label;
}

/** Names that are written otherwise than with a capital in front. */
const brands: Readonly<Record<string, string>> = {
  'cas': 'CAS',
  'github': 'GitHub',
  'github_enterprise': 'GitHub Enterprise',
  'gitlab': 'GitLab',
  'ldap': 'LDAP',
  'linkedin': 'LinkedIn',
  'meteor-developer': 'Meteor',
  'saml': 'SAML',
  'wordpress': 'WordPress',
};
