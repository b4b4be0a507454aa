import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { appOwner, bring, codeOf, logInWith, outcomeOf } from './factor-owner.ts';
import { onSharedStores, type SharedGround } from './two-nodes.ts';
import { caller, handClock, openWorld, type World } from './world.ts';

const always = { remember: false, always: true };

/** Whoever tries: each from elsewhere, so that nothing but the thing itself decides. */
function tries(nodes: readonly World[], act: (node: World, from: ReturnType<typeof caller>) => Promise<string>) {
  return Array.from({ length: 8 }, async (_, at) => {
    const node = nodes[at % nodes.length] ?? assert.fail('there is no node');
    return await act(node, caller({ address: `198.51.100.${at}`, userAgent: `try/${at}` }));
  });
}

function mustHaveOneWinner(outcomes: readonly string[]): void {
  const won = outcomes.filter((outcome) => outcome === 'passed');
  assert.equal(won.length, 1, outcomes.join(' '));
  const odd = outcomes.filter((outcome) => !['passed', 'factor-wrong', 'factor-code-void'].includes(outcome));
  // Of those that came late, some may find the account blocked by the others' failures.
  assert.deepEqual(
    odd.filter((outcome) => !['factor-attempts-spent', 'account-blocked'].includes(outcome)),
    [],
  );
}

function twoNodes(backend: string, openGround: () => Promise<SharedGround>) {
  describe(`two nodes over one ${backend} store`, () => {
    const nodes: World[] = [];
    const clock = handClock();
    let end: () => void = () => undefined;
    before(async () => {
      const ground = await openGround();
      ({ end } = ground);
      nodes.push(await openWorld({ open: ground.open, clock }), await openWorld({ open: ground.open, clock }));
    });
    after(async () => {
      for (const node of nodes) await node.close();
      end();
    });
    const pair = (): readonly [World, World] => {
      const [one, two] = nodes;
      return one !== undefined && two !== undefined ? [one, two] : assert.fail('a node did not open');
    };

    it('take a time step once: used on one, it is refused by the other, with every step before it', async () => {
      const [one, two] = pair();
      const owner = await appOwner(one, 'app.once');
      const code = owner.code();
      assert.equal(await owner.logIn(bring(code), caller(), one), 'passed');
      assert.equal(await owner.logIn(bring(code), caller(), two), 'factor-wrong');
      assert.equal(await owner.logIn(bring(owner.code(-1)), caller(), two), 'factor-wrong');
      assert.equal(await owner.pass(bring(code), always, caller(), two), 'factor-wrong');
      clock.move(60_000);
      assert.equal(await owner.logIn(bring(owner.code()), caller(), two), 'passed');
      assert.equal(await owner.logIn(bring(owner.code()), caller(), one), 'factor-wrong');
    });

    it('give a time step to one of eight at once', async () => {
      for (let round = 0; round < 5; round += 1) {
        const owner = await appOwner(pair()[0], `app.race.${round}`);
        const code = owner.code();
        const outcomes = await Promise.all(
          tries(pair(), async (node, from) =>
            round % 2 === 0
              ? await owner.logIn(bring(code), from, node)
              : await owner.pass(bring(code), always, from, node),
          ),
        );
        mustHaveOneWinner(outcomes);
      }
    });

    it('give a backup code to one of eight at once, and to nobody afterwards', async () => {
      const [one, two] = pair();
      const owner = await appOwner(one, 'backup.race');
      for (const code of owner.backupCodes.slice(0, 3)) {
        clock.move(3_600_000);
        const outcomes = await Promise.all(
          tries(pair(), async (node, from) => await owner.logIn(bring(code), from, node)),
        );
        mustHaveOneWinner(outcomes);
        clock.move(3_600_000);
        for (const node of [one, two]) assert.equal(await owner.logIn(bring(code), caller(), node), 'factor-wrong');
      }
      assert.equal(await two.app.factor.backupCodesLeft(owner.signed), 9);
    });

    it('lose none of two backup codes that are used at once on two nodes', async () => {
      const [one, two] = pair();
      const owner = await appOwner(one, 'backup.both');
      const [first = '', second = ''] = owner.backupCodes;
      const outcomes = await Promise.all([
        owner.logIn(bring(first), caller(), one),
        owner.logIn(bring(second), caller(), two),
      ]);
      assert.deepEqual(outcomes, ['passed', 'passed']);
      for (const node of [one, two]) {
        assert.equal(await owner.logIn(bring(first), caller(), node), 'factor-wrong');
        assert.equal(await owner.logIn(bring(second), caller(), node), 'factor-wrong');
      }
      assert.equal(await one.app.factor.backupCodesLeft(owner.signed), 10);
    });

    it('give a code by e-mail to one of eight at once, and to nobody afterwards', async () => {
      const [one, two] = pair();
      const account = await one.add('mail.race');
      const { text } = await one.signIn('mail.race');
      await one.app.factor.turnEmailOn(await one.app.session.authenticate(account.id, text), caller());
      clock.move(3_600_000);
      // Who has not been asked yet is sent a code by whichever node is spoken to.
      assert.equal(await logInWith(two, 'mail.race', bring(undefined)), 'factor-required');
      const code = two.mails.at(-1)?.facts['code'] ?? assert.fail('no code was mailed');
      assert.equal(one.mails.filter(({ kind }) => kind === 'authentication-code').length, 0);
      const outcomes = await Promise.all(
        tries(pair(), async (node, from) => await logInWith(node, 'mail.race', bring(code), from)),
      );
      mustHaveOneWinner(outcomes);
      clock.move(3_600_000);
      for (const node of [one, two]) {
        assert.notEqual(await logInWith(node, 'mail.race', bring(code)), 'passed');
      }
    });

    it('count wrong codes together', async () => {
      const [one, two] = pair();
      const owner = await appOwner(one, 'counted');
      for (let round = 0; round < 10; round += 1) {
        const from = caller({ address: `192.0.2.${round}`, userAgent: `try/${round}` });
        assert.equal(await owner.logIn(bring('abcdefgh'), from, round % 2 === 0 ? one : two), 'factor-wrong');
      }
      const fresh = caller({ address: '192.0.2.99', userAgent: 'try/99' });
      for (const node of [one, two]) {
        assert.equal(await owner.logIn(bring(owner.code()), fresh, node), 'account-blocked');
      }
    });

    it('let a secret be confirmed once, with backup codes that hold on both', async () => {
      const [one, two] = pair();
      const account = await one.add('confirmed');
      const { text } = await one.signIn('confirmed');
      const signed = await one.app.session.authenticate(account.id, text);
      const { secret } = await one.app.factor.beginApp(signed, 'Test:confirmed', caller());
      const code = codeOf(secret, clock.now());
      const shown: (readonly string[])[] = [];
      const outcomes = await Promise.all(
        tries(
          pair(),
          async (node) =>
            await outcomeOf(
              node.app.factor.confirmApp(signed, code, caller()).then((codes) => {
                shown.push(codes);
              }),
            ),
        ),
      );
      assert.equal(outcomes.filter((outcome) => outcome === 'passed').length, 1, outcomes.join(' '));
      clock.move(86_400_000);
      const [codes = []] = shown;
      assert.equal(await logInWith(two, 'confirmed', bring(codes[0])), 'passed');
      assert.equal(await logInWith(one, 'confirmed', bring(codes[0])), 'factor-wrong');
      assert.equal(await logInWith(one, 'confirmed', bring(codes[1])), 'passed');
    });

    it('ask for an app on one node as soon as it was confirmed on the other', async () => {
      const [one, two] = pair();
      const owner = await appOwner(one, 'at.once');
      assert.equal(await owner.logIn(bring(undefined), caller(), two), 'factor-required');
      await two.app.factor.removeApp(owner.signed, owner.code(), caller());
      assert.equal(await owner.logIn(bring(undefined), caller(), one), 'passed');
    });
  });
}

onSharedStores(twoNodes);
