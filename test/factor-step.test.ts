import assert from 'node:assert/strict';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { setUpApp } from './attacks/app-owner.ts';
import { unlimited } from './attacks/arena.ts';
import { signInAt } from './attacks/doors.ts';
import { callWithoutCode, type GatedWay, gatedWays, signInBy, type WayIn, waysIn } from './attacks/half-a-proof.ts';
import { ask, type Pass, pass, textAt } from './attacks/wire.ts';
import { type RunningServer, startServer } from './server.ts';

/**
 * The mutation check of second factors: the same questions are put to the product and to copies of it in which one line
 * is gone. What holds in the product must break in the copy, at every door that this line guards: else the cases that
 * guard the door would not notice either.
 */

const root = fileURLToPath(new URL('..', import.meta.url));

interface Mutation {
  readonly about: string;
  readonly file: string;
  readonly line: string;
  /** What opens to half a proof then. */
  readonly waysIn: readonly WayIn[];
  readonly gated: readonly GatedWay[];
}

const mutations: readonly Mutation[] = [
  {
    about: 'without the second-factor step of the log-in pipeline',
    file: 'core/session/log-in.ts',
    line: '    if (proof.asksFactor) factor = await mustHoldFactor(needs, account, supplied, caller, known);\n',
    waysIn,
    gated: [],
  },
  {
    about: 'without the gate before endpoints',
    file: 'wire/rest/server.ts',
    line: '      if (options !== undefined) await app.factor.mustHold(signed, caller, own?.supplied ?? supplied, options);\n',
    waysIn: [],
    gated: ['REST'],
  },
  {
    about: 'without the gate before methods',
    file: 'wire/ddp/dispatch.ts',
    line: '  await app.factor.mustHold(gated.signed, gated.call.caller, brought ?? beside, gated.options);\n',
    waysIn: [],
    gated: ['DDP method', 'method.call', 'method.callAnon'],
  },
  {
    about: 'without the gate itself',
    file: 'app/factor.ts',
    line: '      await mustHoldFactor(gating, signed, caller, supplied, asked);\n',
    waysIn: [],
    gated: gatedWays,
  },
];

/** A copy of the product without one line, in a folder of its own beside the same packages. */
function copyWithout({ file, line }: Pick<Mutation, 'file' | 'line'>): {
  readonly main: string;
  readonly folder: string;
} {
  const folder = mkdtempSync(join(tmpdir(), 'countersign-mutant-'));
  cpSync(join(root, 'src'), join(folder, 'src'), { recursive: true });
  cpSync(join(root, 'package.json'), join(folder, 'package.json'));
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
  const path = join(folder, 'src', file);
  const text = readFileSync(path, 'utf8');
  assert.equal(text.split(line).length, 2, `${file} must hold this line once:\n${line}`);
  writeFileSync(path, text.replace(line, ''));
  return { main: join(folder, 'src', 'main.ts'), folder };
}

interface Owner extends Pass {
  readonly username: string;
  readonly password: string;
  readonly code: (away?: number) => string;
}

/** Somebody with an authenticator app, and the administrator whose token opens `method.call`. */
async function ownerOn(server: RunningServer): Promise<{ readonly owner: Owner; readonly admin: Pass }> {
  const { administrator } = server;
  const { opened: admin } = await signInAt(server, 'REST JSON', administrator.username, administrator.password);
  assert.ok(admin);
  const username = 'owner';
  const password = 'the password of owner';
  const json = { username, name: username, email: 'owner@example.com', password, verified: true };
  const made = await ask(server, { path: '/api/v1/users.create', headers: pass(admin), json });
  assert.equal(made.status, 200, made.text);
  textAt(made.json, 'user', '_id');
  const { opened } = await signInAt(server, 'REST JSON', username, password);
  assert.ok(opened, 'without an app the password is enough');
  const { code } = await setUpApp(async (what) => await ask(server, what), { ...opened, password });
  return { owner: { ...opened, username, password, code }, admin };
}

/** What half a proof opens: the right password alone, and a session without a code. */
async function openToHalf(server: RunningServer): Promise<{ waysIn: readonly WayIn[]; gated: readonly GatedWay[] }> {
  const { owner, admin } = await ownerOn(server);
  const open: { waysIn: WayIn[]; gated: GatedWay[] } = { waysIn: [], gated: [] };
  for (const way of waysIn) {
    const { opened, error, text } = await signInBy(server, way, owner, { bystander: admin });
    if (opened !== undefined) open.waysIn.push(way);
    else assert.equal(error, 'totp-required', `${way}: ${text}`);
  }
  for (const way of gatedWays) {
    const { done, text } = await callWithoutCode(server, way, owner, `by ${way}`);
    if (done) open.gated.push(way);
    else assert.match(text, /totp-required/u, way);
  }
  return open;
}

describe('what half a proof opens', () => {
  it('in the product: nothing', async () => {
    const server = await startServer({ env: unlimited });
    try {
      assert.deepEqual(await openToHalf(server), { waysIn: [], gated: [] });
    } finally {
      await server.dispose();
    }
  });

  for (const mutation of mutations) {
    describe(mutation.about, () => {
      let folder: string | undefined;
      let server: RunningServer | undefined;
      before(async () => {
        const copy = copyWithout(mutation);
        ({ folder } = copy);
        server = await startServer({ env: unlimited, main: copy.main });
      });
      after(async () => {
        await server?.dispose();
        if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
      });
      it(`opens ${[...mutation.waysIn, ...mutation.gated].join(', ')}`, async () => {
        assert.ok(server);
        assert.deepEqual(await openToHalf(server), { waysIn: mutation.waysIn, gated: mutation.gated });
      });
    });
  }
});
