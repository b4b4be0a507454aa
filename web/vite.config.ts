import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { brotliCompress, gzip } from 'node:zlib';
import { PurgeCSS } from 'purgecss';
import { defineConfig, type Plugin } from 'vite';
import { auditKindsIn } from './audit-kinds.ts';

const { resolve } = createRequire(import.meta.url);

/** The groups of colours, as their variables begin. */
const groups = {
  badge: 'badge',
  button: 'button',
  font: 'font',
  shadow: 'shadow',
  status: 'status',
  statusBullet: 'status-bullet',
  stroke: 'stroke',
  surface: 'surface',
} as const;

type Palette = Readonly<Record<'light' | 'dark', Readonly<Record<string, string>>>>;

const dashed = (name: string): string =>
  name.replaceAll(/[A-Z]|\d+/gu, (part) => `-${part.toLowerCase()}`).replace(/^-/u, '');

function variables(theme: keyof Palette): string {
  return Object.entries(groups)
    .flatMap(([file, group]) => {
      const colours = JSON.parse(
        readFileSync(resolve(`@rocket.chat/fuselage-tokens/dist/${file}.json`), 'utf8'),
      ) as Palette;
      return Object.entries(colours[theme]).map(([name, value]) => `--rcx-color-${group}-${dashed(name)}:${value}`);
    })
    .join(';');
}

/** The colours of both themes as variables, from Rocket.Chat's tokens: the device decides, unless the person did. */
function palette(): Plugin {
  const name = 'virtual:palette.css';
  return {
    name: 'palette',
    resolveId: (id) => (id === name ? `\0${name}` : undefined),
    load(id) {
      if (id !== `\0${name}`) return undefined;
      const [light, dark] = [variables('light'), variables('dark')];
      return `:root{${light}}
:root[data-theme=dark]{${dark}}
@media (prefers-color-scheme:dark){:root:not([data-theme=light]){${dark}}}`;
    },
  };
}

/** How many common passwords the pages know: each costs some bytes, and the server knows all of them. */
const commonAtMost = 10_000;

/** What tells weak passwords: the most common ones and one keyboard, of all those that the package holds. */
function commonPasswords(): Plugin {
  const name = 'virtual:common-passwords';
  return {
    name: 'common-passwords',
    resolveId: (id) => (id === name ? `\0${name}` : undefined),
    async load(id) {
      if (id !== `\0${name}`) return undefined;
      const { adjacencyGraphs, dictionary } = await import('@zxcvbn-ts/language-common');
      const passwords = dictionary['passwords-common'].slice(0, commonAtMost).join(' ');
      return `export const passwords = ${JSON.stringify(passwords)};
export const qwerty = ${JSON.stringify(adjacencyGraphs.qwerty)};`;
    },
  };
}

/** The closed list of kinds of entries in the audit trail, as its guide has them; a test compares the guide with the source. */
function auditKinds(): Plugin {
  const name = 'virtual:audit-kinds';
  return {
    name: 'audit-kinds',
    resolveId: (id) => (id === name ? `\0${name}` : undefined),
    load(id) {
      if (id !== `\0${name}`) return undefined;
      const guide = readFileSync(new URL('../docs/guides/audit.md', import.meta.url), 'utf8');
      return `export const auditKinds = ${JSON.stringify(auditKindsIn(guide))};`;
    },
  };
}

/**
 * Leaves the rules of Fuselage's stylesheet that no page uses, and its font, whose coming would move what is already read:
 * the pages say themselves how it is loaded.
 */
function fuselage(): Plugin {
  return {
    name: 'fuselage',
    enforce: 'pre',
    async load(id) {
      if (!id.endsWith('style/fuselage.css')) return undefined;
      const raw = readFileSync(resolve('@rocket.chat/fuselage/dist/fuselage.css'), 'utf8');
      const [purged] = await new PurgeCSS().purge({
        content: [fileURLToPath(new URL('**/*.tsx', import.meta.url))],
        css: [{ raw }],
        // Their ends are put together where they are used.
        safelist: {
          standard: [
            /^rcx-(?:button|callout|tag)--(?:primary|secondary|danger|secondary-danger|warning|info|success)$/u,
          ],
        },
      });
      return (
        (purged?.css ?? raw)
          .replaceAll(/@font-face\s*\{[^}]*\}/gu, '')
          // A field that nobody has sent yet is not wrong: forms look at their fields themselves.
          .replaceAll(':invalid', '[aria-invalid=true]')
      );
    },
  };
}

/** Compresses once what the server would else compress for each browser; last, when nothing changes any more. */
function compressed(): Plugin {
  return {
    name: 'compressed',
    async writeBundle({ dir = '' }, bundle) {
      const texts = Object.keys(bundle).filter((name) => /\.(?:js|css|svg)$/u.test(name));
      for (const file of texts.map((name) => join(dir, name))) {
        const source = readFileSync(file);
        writeFileSync(`${file}.br`, await promisify(brotliCompress)(source));
        writeFileSync(`${file}.gz`, await promisify(gzip)(source));
      }
    },
  };
}

export default defineConfig({
  root: fileURLToPath(new URL('.', import.meta.url)),
  // The server puts the path of its own address before.
  base: './',
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  plugins: [fuselage(), palette(), commonPasswords(), auditKinds(), compressed()],
  build: {
    outDir: fileURLToPath(new URL('../build/pages', import.meta.url)),
    emptyOutDir: true,
    target: 'es2022',
    // Nothing is written into another file as text: the policy of the pages lets no such thing run.
    assetsInlineLimit: 0,
    reportCompressedSize: false,
    modulePreload: { polyfill: false },
    manifest: true,
  },
});
