import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/** Where distributions keep daemons, which an ordinary user's path leaves out. */
const folders = [...(process.env['PATH'] ?? '').split(delimiter), '/usr/local/sbin', '/usr/sbin', '/sbin'];

function pathOf(program: string): string | undefined {
  return folders.map((folder) => join(folder, program)).find((path) => existsSync(path));
}

/**
 * A program of the host that a test cannot do without. On CI it is installed where it is missing, so that nothing is
 * skipped there; elsewhere its absence is the reason to skip.
 * @param program its name, for example `slapd`
 * @param packages what brings it, as Debian and Ubuntu call them
 */
export function systemProgram(
  program: string,
  packages: readonly string[],
): { readonly path: string } | { readonly missing: string } {
  const found = pathOf(program);
  if (found !== undefined) return { path: found };
  if (process.env['CI'] === undefined) return { missing: `${program} is not installed (${packages.join(', ')})` };
  const asRoot = process.getuid?.() === 0 ? [] : ['sudo'];
  const run = (...command: readonly string[]): void => {
    const [first = '', ...rest] = [...asRoot, ...command];
    execFileSync(first, rest, { stdio: 'inherit' });
  };
  // The packages would start their daemon else.
  const policy = '/usr/sbin/policy-rc.d';
  if (!existsSync(policy)) {
    const text = '#!/bin/sh\nexit 101\n';
    if (asRoot.length === 0) writeFileSync(policy, text, { mode: 0o755 });
    else spawnSync('sudo', ['sh', '-c', `printf '${text.replaceAll('\n', '\\n')}' > ${policy}; chmod 755 ${policy}`]);
  }
  // Several test files may want something at once.
  const wait = ['-o', 'DPkg::Lock::Timeout=300'];
  run('apt-get', ...wait, 'update', '-q');
  run(
    'env',
    'DEBIAN_FRONTEND=noninteractive',
    'apt-get',
    ...wait,
    'install',
    '-y',
    '-q',
    '--no-install-recommends',
    ...packages,
  );
  const path = pathOf(program);
  if (path === undefined) throw new Error(`${program} is missing although ${packages.join(', ')} were installed.`);
  return { path };
}
