import assert from 'node:assert/strict';
import { after, before, describe, it, test } from 'node:test';
import { Arena } from './arena.ts';
import { doors, type Outcome } from './doors.ts';
import type { Case, Cast, Group, LogInCase } from './group.ts';
import { groups } from './groups/index.ts';
import { mustBeSame, mustRefuse } from './verdict.ts';

const results: { readonly group: string; readonly attack: Case; readonly failed: boolean; readonly ms: number }[] = [];

async function openCast(arena: Arena): Promise<Cast> {
  const alice = await arena.person();
  const closed = await arena.person({ active: false });
  return { alice, closed, bystander: await arena.person() };
}

/** What each door says to a wrong password: the measure of SAME. */
async function ordinaryFailures(arena: Arena, { bystander }: Cast): Promise<ReadonlyMap<string, Outcome>> {
  const failures = new Map<string, Outcome>();
  for (const door of doors) {
    failures.set(door, await arena.signIn(door, 'nobody.at.all', 'wrong', { bystander }));
  }
  return failures;
}

async function tryEveryDoor(arena: Arena, cast: Cast, attack: LogInCase): Promise<void> {
  const ordinary = await ordinaryFailures(arena, cast);
  const untouched = arena.state(cast.bystander);
  for (const body of attack.bodies(cast)) {
    for (const door of attack.doors ?? doors) {
      for (const outcome of await arena.knock(door, body, { bystander: cast.bystander })) {
        mustRefuse(outcome);
        const measure = ordinary.get(door);
        if (attack.must === 'same' && door.startsWith('REST') && measure !== undefined) mustBeSame(outcome, measure);
      }
    }
  }
  assert.equal(arena.state(cast.bystander), untouched, 'nothing was changed by what was refused');
}

function runGroup(group: Group): void {
  describe(`${group.letter}: ${group.about}`, () => {
    let arena: Arena;
    let cast: Cast;
    let opened: Arena | undefined;
    before(async () => {
      opened = await Arena.open(group.env);
      arena = opened;
      cast = await openCast(arena);
    });
    after(async () => {
      await opened?.close();
    });
    for (const attack of group.cases) {
      it(`${[attack.id, ...(attack.cve ?? [])].join(' ')}: ${attack.about}`, async () => {
        const begun = performance.now();
        let failed = true;
        try {
          if ('act' in attack) await attack.act(arena, cast);
          else await tryEveryDoor(arena, cast, attack);
          failed = false;
        } finally {
          results.push({ group: group.letter, attack, failed, ms: performance.now() - begun });
        }
      });
    }
    it('leaves the server sound: alive, without a fault of its own, and open to those who may come in', async () => {
      await arena.mustBeSound();
    });
  });
}

for (const group of groups) runGroup(group);

test('every case of the table was run, and here is what came of each', (t) => {
  t.diagnostic('case      result      ms  what must hold');
  for (const { attack, failed, ms } of results) {
    t.diagnostic(
      `${attack.id.padEnd(8)}  ${failed ? 'FAILED' : 'held  '}  ${String(Math.round(ms)).padStart(6)}  ${attack.about}`,
    );
  }
  const covered = [...new Set(results.filter(({ failed }) => !failed).flatMap(({ attack }) => attack.cve ?? []))];
  t.diagnostic(`Advisories with a case that held (${covered.length}): ${covered.toSorted().join(', ')}`);
  const ids = groups.flatMap(({ cases }) => cases.map(({ id }) => id));
  assert.equal(new Set(ids).size, ids.length, 'every case has an id of its own');
});
