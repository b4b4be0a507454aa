import assert from 'node:assert/strict';
import { it } from 'node:test';
import { KnownRoles } from './roles.ts';
import { Members } from './value.ts';

it('keeps no more of who holds which role than fits, however many documents say so', () => {
  const known = new KnownRoles();
  const assign = (user: string, role: string) =>
    known.assign({ user: { _id: user }, role: { _id: role }, scope: null });
  const rolesOf = (user: string) => known.of(user, new Members({}, [])).roles;
  for (let at = 0; at < 1_000; at += 1) assert.deepEqual(assign('one', `role ${at}`), { held: true });
  assert.equal(rolesOf('one')?.length, 200);
  let people = 0;
  while (assign(`person ${people}`, 'user').held) people += 1;
  assert.ok(people > 200_000 && people < 400_000, `${people} people`);
  assert.deepEqual(rolesOf('person 0'), ['user']);
  assert.equal(rolesOf(`person ${people}`), undefined);
  const other = new KnownRoles();
  let names = 0;
  while (other.assign({ user: { _id: `p${names}` }, role: { _id: `r${names}` } }).held) names += 1;
  assert.ok(names < 30_000, `${names} names`);
});
