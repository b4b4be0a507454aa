import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { limits } from '../../src/wire/ddp/limits.ts';
import type { AnyMethod } from '../../src/wire/ddp/method.ts';
import { methods } from '../../src/wire/ddp/methods/index.ts';
import { publications } from '../../src/wire/ddp/publications/index.ts';
import { streamNames } from '../../src/wire/ddp/stream-names.ts';
import { allEvents, loggedEvents, userEvents } from '../../src/wire/ddp/topic-names.ts';
import { methodError } from '../../src/wire/shapes/method-call.ts';
import { blocks, code, codes, type Page, plain, sorted, table } from './markdown.ts';

const realtime = join(import.meta.dirname, '..', '..', 'src', 'wire', 'ddp');

const streams: ReadonlySet<string> = new Set(streamNames);

/** What the streams with named events tell of. */
const events: ReadonlyMap<string, ReadonlySet<string>> = new Map([
  ['stream-notify-all', allEvents],
  ['stream-notify-logged', loggedEvents],
  ['stream-notify-user', userEvents],
]);

/** Every method and publication of the realtime wire, and what one client may ask of it. */
export function methodsPage(): Page {
  const ofMethods = commentsIn(join(realtime, 'methods'));
  const ofPublications = commentsIn(join(realtime, 'publications'));
  const limitComments = memberComments(readFileSync(join(realtime, 'limits.ts'), 'utf8'));
  return {
    file: 'methods.md',
    title: 'Realtime methods and publications',
    about: 'the realtime wire at /websocket and /sockjs',
    body: blocks(
      'Clients call methods and subscribe to publications over `/websocket` and `/sockjs`. Methods are called over REST as well, at `/api/v1/method.call/<name>`. Refusals are those of [faults](faults.md).',
      '## Methods',
      table(
        ['Method', 'Caller', 'Second factor', 'What it does'],
        sorted(methods, ({ name }) => name).map((method) => [
          code(method.name),
          callerOf(method),
          factorOf(method),
          plain(ofMethods.get(streams.has(method.name) ? 'streamWrites' : method.name) ?? ''),
        ]),
      ),
      '## Publications',
      table(
        ['Publication', 'Events', 'What it brings'],
        sorted(publications, ({ name }) => name).map(({ name }) => [
          code(name),
          codes(sorted([...(events.get(name) ?? [])], (event) => event)),
          plain(ofPublications.get(name) ?? ''),
        ]),
      ),
      '## Limits',
      'What one client may ask; what goes beyond is refused or closes the socket.',
      table(
        ['Limit', 'Number', 'Meaning'],
        sorted(Object.entries(limits), ([name]) => name).map(([name, number]) => [
          code(name),
          scalar(name, number),
          plain(limitComments.get(name) ?? ''),
        ]),
      ),
    ),
  };
}

/** @throws where a limit is more than a number: a table has no room for it */
function scalar(name: string, value: unknown): string {
  if (typeof value !== 'number') throw new TypeError(`The limit ${name} is no number.`);
  return String(value);
}

function callerOf({ needsUser, signedOut }: AnyMethod): string {
  if (!needsUser) return 'anybody';
  return signedOut === undefined ? 'signed in' : `signed in, else ${code(methodError(signedOut).message)}`;
}

function factorOf({ twoFactor, twoFactorFor }: AnyMethod): string {
  if (twoFactor === undefined) return twoFactorFor === undefined ? '' : 'for some of it';
  if (twoFactor.always) return 'always';
  return twoFactor.remember ? 'unless lately shown' : 'each time';
}

/**
 * What the comments say of each method and publication, by its name, else by that of its constant: they carry no other
 * text. Of what has none, the comment of its whole file.
 */
function commentsIn(folder: string): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const file of readdirSync(folder)) {
    if (!file.endsWith('.ts') || file.endsWith('.test.ts')) continue;
    const text = readFileSync(join(folder, file), 'utf8');
    const ofFile = sentences((/^\/\/ .*(?:\n\/\/ .*)*/mu.exec(text)?.[0] ?? '').replace(/^\/\/ /gmu, ''));
    const constant = /^const name = '([^']+)';$/mu.exec(text)?.[1];
    for (const [, comment, variable = '', declared = ''] of text.matchAll(declaration)) {
      const short = /^\w*\(?\{\n\s+name,/u.test(declared) ? constant : undefined;
      const name = short ?? /^\w*\(?(?:\{\n\s+name: )?'([^']+)'/u.exec(declared)?.[1] ?? variable;
      found.set(name, comment === undefined ? ofFile : sentences(comment));
    }
    for (const [, name = ''] of text.matchAll(/^  \w+\('([^']+)'\),$/gmu)) found.set(name, ofFile);
  }
  return found;
}

/** A constant at the top of a file, with the comment before it and the beginning of its value. */
const declaration =
  /(?:^\/\*\*((?:[^*]|\*(?!\/))*)\*\/\n)?^(?:export )?const (\w+)(?:: [\w\s[\]]+)? = ((?:\w+\()?(?:\{\n\s+name\b[^\n]*|[^\n]*))/gmu;

/** The comments before the members of an interface. */
function memberComments(text: string): ReadonlyMap<string, string> {
  const declared = /\/\*\*((?:[^*]|\*(?!\/))*)\*\/\n\s+readonly (\w+):/gu;
  return new Map([...text.matchAll(declared)].map(([, comment = '', name = '']) => [name, sentences(comment)]));
}

/** A comment on one line, without the references to the contract, which readers of the page do not have. */
function sentences(comment: string): string {
  return comment
    .replace(/^\s*\* ?/gmu, '')
    .replace(/@\w[^]*$/u, '')
    .replace(/\s+\((?:realtime|rest|settings|providers|real-clients|design)(?:\.md)?[^)]*§[^)]*\)/gu, '')
    .replace(/ of (?:realtime|rest)\.md §[\d.]+/gu, '')
    .replace(/\s+/gu, ' ')
    .trim();
}
