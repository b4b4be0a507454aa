import { isOpenToApplications, isOpenToScoped } from '../../src/wire/rest/admit.ts';
import type { Endpoint } from '../../src/wire/rest/endpoint.ts';
import { endpoints } from '../../src/wire/rest/endpoints/index.ts';
import type { Schema } from '../../src/wire/rest/schema.ts';
import { ownRefusals } from './faults.ts';
import { blocks, code, codes, type Page, plain, sorted, table } from './markdown.ts';

const callers = { none: 'anybody', token: 'signed in', optional: 'anybody; signed in learns more' } as const;

/** Every endpoint of the JSON API. */
export function endpointsPage(): Page {
  const all = sorted(endpoints, ({ path, method }) => `${path} ${method}`);
  return {
    file: 'endpoints.md',
    title: 'REST endpoints',
    about: 'the JSON API under /api/v1',
    body: blocks(
      'A caller signs in with the headers `X-Auth-Token` and `X-User-Id`, and brings a second factor in `X-2fa-Code` and `X-2fa-Method`. Answers carry `success: true` unless the list below says otherwise; refusals are those of [faults](faults.md). The running server describes the same as OpenAPI at `/api-docs/openapi.json`.',
      table(
        ['Endpoint', 'Caller', 'What it does'],
        all.map((one) => [`[${code(titleOf(one))}](#${anchorOf(one)})`, callers[one.auth], plain(one.summary)]),
      ),
      ...all.map(sectionOf),
    ),
  };
}

function titleOf({ method, path }: Endpoint): string {
  return `${method.toUpperCase()} ${path}`;
}

/** As GitHub makes it from the heading. */
function anchorOf(one: Endpoint): string {
  return titleOf(one)
    .toLowerCase()
    .replaceAll(' ', '-')
    .replace(/[^\w-]/gu, '');
}

function sectionOf(one: Endpoint): string {
  const own = ownRefusals(one.faults ?? {});
  return blocks(
    `## ${titleOf(one)}`,
    plain(one.summary),
    factsOf(one)
      .map((fact) => `- ${fact}`)
      .join('\n'),
    membersOf('Query', one.query),
    membersOf('Body', one.body),
    membersOf('Answer', one.answer),
    own.length === 0 ? '' : blocks('It refuses some things in words of its own:', table(['Code', 'Answer'], own)),
  );
}

function factsOf(endpoint: Endpoint): readonly string[] {
  const { auth, permission, twoFactor, twoFactorFor, rateLimit, limitedAcrossNodes, withoutUsername, envelope } =
    endpoint;
  const facts = [`Caller: ${callers[auth]}${withoutUsername === true ? ', also before a username is chosen' : ''}.`];
  if (permission !== undefined) {
    facts.push('all' in permission ? `Needs ${codes(permission.all)}.` : `Needs one of ${codes(permission.any)}.`);
  }
  if (auth === 'token' && isOpenToScoped(endpoint)) {
    facts.push('Open to personal tokens with scopes, as far as they carry the permissions that it asks for.');
  }
  if (auth === 'token' && isOpenToApplications(endpoint)) facts.push('Open to access tokens of applications.');
  if (twoFactor !== undefined) {
    const when = twoFactor.always ? 'always, whoever calls' : twoFactor.remember ? 'unless lately shown' : 'each time';
    facts.push(`Asks for a second factor, ${when}.`);
  } else if (twoFactorFor !== undefined) facts.push('Asks for a second factor for some of it, always then.');
  if (rateLimit === 'none') facts.push('No limit of calls.');
  else if (rateLimit !== undefined) {
    facts.push(`Its limit of calls is the setting \`${rateLimit}\`.`);
  }
  if (limitedAcrossNodes === true) facts.push('The limit holds over all nodes together.');
  else if (limitedAcrossNodes !== undefined) {
    facts.push('The limit holds over all nodes together, and counts realtime methods that do the same.');
  }
  if (envelope === false) facts.push('The answer carries no `success`.');
  return facts;
}

function membersOf(title: string, schema: Schema | undefined): string {
  const properties = schema === undefined ? undefined : fieldsOf(schema['properties']);
  const about = schema?.['description'];
  const told = typeof about === 'string' ? plain(about) : '';
  if (properties === undefined || Object.keys(properties).length === 0) {
    return told === '' ? '' : `${title}: ${told}`;
  }
  const required = new Set(Array.isArray(schema?.['required']) ? schema['required'] : []);
  return blocks(
    `${title}${told === '' ? ':' : `: ${told}`}`,
    table(
      ['Member', 'Kind', 'Needed', 'Meaning'],
      Object.entries(properties).map(([name, given]) => {
        const member = fieldsOf(given) ?? {};
        const { description } = member;
        const meaning = typeof description === 'string' ? plain(description) : '';
        return [code(name), kindOf(member), required.has(name) ? 'yes' : '', meaning];
      }),
    ),
  );
}

function kindOf(schema: Readonly<Record<string, unknown>>): string {
  const { type, enum: choices, items, anyOf, properties, maxLength } = schema;
  if (Array.isArray(choices)) return `one of ${codes(choices.map(String))}`;
  if (Array.isArray(anyOf)) return [...new Set(anyOf.map((branch) => kindOf(fieldsOf(branch) ?? {})))].join(' or ');
  if (type === 'array') return `list of ${kindOf(fieldsOf(items) ?? {})}`;
  const members = Object.keys(fieldsOf(properties) ?? {});
  if (type === 'object') return members.length === 0 ? 'object' : `object with ${codes(members)}`;
  if (typeof maxLength === 'number') return `${String(type)}, at most ${maxLength} characters`;
  return typeof type === 'string' ? type : 'anything';
}

function fieldsOf(value: unknown): Readonly<Record<string, unknown>> | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? Object.fromEntries(Object.entries(value))
    : undefined;
}
