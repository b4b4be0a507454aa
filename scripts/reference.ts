// Writes docs/reference/ from the code, so that the pages say what the server does.
//
//   npm run reference             writes the pages
//   npm run reference -- --check  writes nothing, and ends with 1 naming each page that differs
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { commandLinePage } from './reference/command-line.ts';
import { endpointsPage } from './reference/endpoints.ts';
import { environmentPage } from './reference/environment.ts';
import { faultsPage } from './reference/faults.ts';
import type { Page } from './reference/markdown.ts';
import { methodsPage } from './reference/methods.ts';
import { permissionsPage, settingsPage } from './reference/settings.ts';

const folder = join(import.meta.dirname, '..', 'docs', 'reference');
const index = join(import.meta.dirname, '..', 'docs', 'README.md');

const pages: readonly Page[] = [
  commandLinePage(),
  endpointsPage(),
  environmentPage(),
  faultsPage(),
  methodsPage(),
  permissionsPage(),
  settingsPage(),
];

function textOf({ title, body }: Page): string {
  return `This page is generated from the code by \`npm run reference\`: change the code, not the page.\n\n# ${title}\n\n${body}\n`;
}

/** What lies there and no page makes: a page that was renamed. */
function leftOver(): readonly string[] {
  const made = new Set(pages.map(({ file }) => file));
  return existsSync(folder) ? readdirSync(folder).filter((file) => !made.has(file)) : [];
}

function isCurrent(page: Page): boolean {
  const path = join(folder, page.file);
  return existsSync(path) && readFileSync(path, 'utf8') === textOf(page);
}

/** The line that the index of the documentation has for a page. */
function indexLine({ file, title, about }: Page): string {
  return `- [${title}](reference/${file}): ${about}.`;
}

function missingInIndex(): readonly string[] {
  const lines = new Set(readFileSync(index, 'utf8').split('\n'));
  return pages.map(indexLine).filter((line) => !lines.has(line));
}

function check(): number {
  const differing = pages.filter((page) => !isCurrent(page)).map(({ file }) => file);
  for (const file of differing) console.error(`reference: docs/reference/${file} differs from the code.`);
  for (const file of leftOver()) console.error(`reference: docs/reference/${file} is made by nothing.`);
  const unlisted = missingInIndex();
  for (const line of unlisted) console.error(`reference: docs/README.md lacks the line ${line}`);
  const stale = differing.length + leftOver().length;
  if (stale > 0) console.error('reference: run `npm run reference` and keep what it writes.');
  return stale + unlisted.length === 0 ? 0 : 1;
}

function write(): number {
  mkdirSync(folder, { recursive: true });
  for (const file of leftOver()) rmSync(join(folder, file), { recursive: true });
  for (const page of pages) writeFileSync(join(folder, page.file), textOf(page));
  console.log(`reference: ${pages.length} pages written to docs/reference/.`);
  return 0;
}

const words = process.argv.slice(2);
if (words.some((word) => word !== '--check')) {
  console.error(`reference: cannot make sense of ${words.join(' ')}`);
  process.exitCode = 2;
} else {
  process.exitCode = words.length > 0 ? check() : write();
}
