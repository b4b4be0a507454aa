// Plants one forbidden import for each wall in a folder of its own and sees the linter refuse it, so that the walls
// in biome.json are known to stand: a gate that matches nothing passes everything.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { after, before, describe, it } from 'node:test';

const root = join(import.meta.dirname, '..');

/** Lowest first, as the design has it. */
const coreOrder = [
  'account',
  'setting',
  'audit',
  'presence',
  'password',
  'second-factor',
  'external-login',
  'session',
  'application',
  'directory',
  'administration',
] as const;
const known: readonly string[] = coreOrder;
const doors = ['rest', 'ddp', 'sockjs', 'cli', 'openid'] as const;
const outside = ['providers/a.ts', 'factors/a.ts', 'stores/sql/a.ts', 'mail/a.ts'];
const middle = ['core/fault.ts', 'core/account/account.ts', 'lib/a.ts'];
const wires = [...doors.map((door) => `wire/${door}/a.ts`), 'wire/shapes/a.ts'];
const client = 'client/a.ts';
const mains = ['main.ts', 'main/a.ts'];
const top = ['app.ts', 'app/a.ts', 'config.ts', ...mains, client];

interface Wall {
  file: string;
  mayImport: string[];
  mayNot: string[];
}

const walls: Wall[] = [
  { file: 'lib/b.ts', mayImport: ['lib/a.ts', 'pg'], mayNot: ['core/fault.ts', ...outside, ...wires, ...top] },
  { file: 'core/b.ts', mayImport: ['core/account/account.ts', 'lib/a.ts'], mayNot: [...outside, ...wires, ...top] },
  ...coreOrder.flatMap((folder, index) => {
    const lower = coreOrder.slice(0, index).map((other) => `core/${other}/a.ts`);
    const higher = coreOrder.slice(index + 1).map((other) => `core/${other}/a.ts`);
    const never = [
      ...higher,
      ...outside,
      ...wires,
      ...top,
      'fastify',
      '@fastify/formbody',
      'kysely',
      'kysely/migration',
      'pg',
      'node:sqlite',
      'node:fs/promises',
    ];
    const near = [`core/${folder}/a.ts`, 'core/fault.ts', 'lib/a.ts'];
    return [
      { file: `core/${folder}/use-case.ts`, mayImport: [...lower, ...near, 'node:crypto'], mayNot: never },
      { file: `core/${folder}/deeper/use-case.ts`, mayImport: [...lower, ...near], mayNot: never },
      {
        file: `core/${folder}/rules.ts`,
        mayImport: [...lower, ...near],
        mayNot: [...never, 'node:crypto', 'pino', 'typebox'],
      },
    ];
  }),
  ...outside.map((file) => ({
    file: file.replace('a.ts', 'b.ts'),
    mayImport: [...middle, file, 'kysely', 'node:fs'],
    mayNot: [...outside.filter((other) => other !== file), ...wires, ...top],
  })),
  {
    file: 'stores/sqlite/b.ts',
    mayImport: [...middle, 'stores/sql/a.ts', 'stores/sqlite/a.ts'],
    mayNot: ['mail/a.ts', ...wires, ...top],
  },
  {
    file: 'app.ts',
    mayImport: ['app/a.ts', 'core/fault.ts', 'core/session/a.ts'],
    mayNot: ['lib/a.ts', 'config.ts', ...mains, client, 'pino', ...outside, ...wires],
  },
  {
    file: 'app/b.ts',
    mayImport: ['app/a.ts', 'core/fault.ts', 'core/session/a.ts'],
    mayNot: ['lib/a.ts', 'config.ts', ...mains, client, 'pino', ...outside, ...wires],
  },
  { file: 'config.ts', mayImport: middle, mayNot: ['app.ts', 'app/a.ts', ...mains, client, ...outside, ...wires] },
  ...doors.flatMap((door) => {
    const mayNot = [
      ...wires.filter((wire) => !wire.includes(`/${door}/`) && !wire.includes('/shapes/')),
      ...outside,
      'app/a.ts',
      'config.ts',
      ...mains,
      client,
    ];
    const mayImport = ['app.ts', ...middle, 'wire/shapes/a.ts', `wire/${door}/a.ts`, 'ws'];
    return [
      { file: `wire/${door}/b.ts`, mayImport, mayNot },
      { file: `wire/${door}/deeper/b.ts`, mayImport, mayNot },
    ];
  }),
  {
    file: 'wire/shapes/b.ts',
    mayImport: ['app.ts', ...middle, 'wire/shapes/a.ts', 'typebox'],
    mayNot: [...doors.map((door) => `wire/${door}/a.ts`), ...outside, 'app/a.ts', 'config.ts', ...mains, client],
  },
  ...mains.map((file) => ({
    file: file.replace('a.ts', 'b.ts'),
    mayImport: ['app.ts', 'config.ts', 'main/a.ts', ...middle, ...outside, ...wires],
    mayNot: [client],
  })),
  {
    file: 'client/b.ts',
    mayImport: [client],
    mayNot: [...middle, ...outside, ...wires, 'app.ts', 'app/a.ts', 'config.ts', ...mains, 'pino', 'ws', 'node:crypto'],
  },
];

/** How `file` would name `target`; a package keeps its name. */
function specifier(file: string, target: string): string {
  if (!target.endsWith('.ts')) return target;
  const path = relative(dirname(file), target);
  return path.startsWith('.') ? path : `./${path}`;
}

/** Every way to import; `n` keeps the names apart. */
const forms = [
  (from: string, n: number) => `import { a as a${n} } from '${from}';`,
  (from: string, n: number) => `import type { A as A${n} } from '${from}';`,
  (from: string, n: number) => `export { a as b${n} } from '${from}';`,
  (from: string, n: number) => `export const c${n} = import('${from}');`,
];

interface Finding {
  category: string;
  location: { path: string; start: { line: number } };
}

function isReport(given: unknown): given is { diagnostics: Finding[] } {
  return typeof given === 'object' && given !== null && 'diagnostics' in given && Array.isArray(given.diagnostics);
}

function lint(folder: string): Finding[] {
  const biome = join(root, 'node_modules', '.bin', 'biome');
  const words = ['lint', '--reporter=json', '--max-diagnostics=none', '.'];
  const done = spawnSync(biome, words, { cwd: folder, encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 });
  const report: unknown = JSON.parse(done.stdout);
  assert(isReport(report), done.stderr);
  return report.diagnostics;
}

describe('import rules', () => {
  const folder = mkdtempSync(join(tmpdir(), 'countersign-walls-'));
  let findings: Finding[] = [];

  function plant(path: string, text: string): void {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }

  before(() => {
    copyFileSync(join(root, 'biome.json'), join(folder, 'biome.json'));
    for (const { file, mayImport, mayNot } of walls) {
      const lines = [...mayNot, ...mayImport].flatMap((target, n) =>
        forms.map((form) => form(specifier(file, target), n)),
      );
      plant(`src/${file}`, `${lines.join('\n')}\n`);
    }
    plant(
      'src/lib/circle/here.ts',
      "import { there } from './there.ts';\nexport const here = (): number => there();\n",
    );
    plant('src/lib/circle/there.ts', "import { here } from './here.ts';\nexport const there = (): number => here();\n");
    plant('src/lib/circle-of-types/here.ts', "import type { There } from './there.ts';\nexport type Here = There[];\n");
    plant('src/lib/circle-of-types/there.ts', "import type { Here } from './here.ts';\nexport type There = Here[];\n");
    findings = lint(folder);
  });

  after(() => rmSync(folder, { recursive: true, force: true }));

  for (const { file, mayImport, mayNot } of walls) {
    it(`src/${file} sees ${mayImport.length} allowed imports pass and ${mayNot.length} refused`, () => {
      const refused = new Set(
        findings
          .filter(
            ({ category, location }) => category.endsWith('/noRestrictedImports') && location.path === `src/${file}`,
          )
          .map(({ location }) => location.start.line),
      );
      const targets = [...mayNot, ...mayImport];
      const seen = targets.flatMap((target, n) =>
        forms.map((_, form) => `${target} ${form} ${refused.has(n * forms.length + form + 1)}`),
      );
      const due = targets.flatMap((target, n) => forms.map((_, form) => `${target} ${form} ${n < mayNot.length}`));
      assert.deepEqual(seen, due);
    });
  }

  it('gives every folder of core its place in the order', () => {
    const folders = readdirSync(join(root, 'src', 'core'), { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map((entry) => entry.name);
    assert.deepEqual(
      folders.filter((name) => !known.includes(name)),
      [],
      'name the new folder in biome.json and here',
    );
  });

  for (const circle of ['circle', 'circle-of-types']) {
    it(`refuses a ${circle.replaceAll('-', ' ')} between files`, () => {
      const paths = findings
        .filter(({ category }) => category.endsWith('/noImportCycles'))
        .map(({ location }) => location.path);
      assert(paths.some((path) => path.startsWith(`src/lib/${circle}/`)));
    });
  }
});
