import { cli } from '../src/wire/cli/cli.ts';
import { notHere, soundProbes } from '../src/wire/cli/fake-needs.suite.ts';
import type { World } from './world.ts';

/** Calls the command line over a test world, whose store stays open. */
export async function call(
  world: World,
  ...words: readonly string[]
): Promise<{ code: number; out: string; err: string }> {
  let [out, err] = ['', ''];
  const code = await cli({
    argv: words,
    env: {},
    stdout: (text) => {
      out += text;
    },
    stderr: (text) => {
      err += text;
    },
    stdin: (async function* () {})(),
    openApp: async () => ({ app: world.app, close: async () => {} }),
    serve: async () => 0,
    backUp: notHere,
    restore: notHere,
    settleRestored: notHere,
    doctor: soundProbes(),
    version: '1.2.3',
  });
  return { code, out, err };
}
