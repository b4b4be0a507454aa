import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { handClock, openWorld } from '../../../test/world.ts';
import { type Asked, Rates } from './rates.ts';

const asked: Asked = {
  kind: 'method',
  name: 'rooms/get',
  address: '203.0.113.9',
  accountId: undefined,
  connection: 'one',
};

async function within(
  act: (rates: Rates, clock: ReturnType<typeof handClock>) => void,
  env: Readonly<Record<string, string>> = {},
): Promise<void> {
  const clock = handClock();
  const world = await openWorld({ clock, env });
  const rates = new Rates(clock, world.app.settings);
  try {
    act(rates, clock);
  } finally {
    rates.close();
    await world.close();
  }
}

/** How many of so many calls pass. */
function passing(rates: Rates, calls: number, more: (n: number) => Partial<Asked> = () => ({})): number {
  let passed = 0;
  for (let n = 0; n < calls; n += 1) if (rates.take({ ...asked, ...more(n) }) === 0) passed += 1;
  return passed;
}

describe('the limits of calls', () => {
  it('hold for a connection and a method', async () => {
    await within((rates) => {
      assert.equal(passing(rates, 30), 10);
      assert.equal(
        passing(rates, 30, () => ({ name: 'other' })),
        10,
      );
      assert.equal(
        passing(rates, 30, () => ({ connection: 'two' })),
        10,
      );
      assert.equal(
        passing(rates, 100, () => ({ name: 'stream-notify-user', kind: 'sub', connection: 'three' })),
        40,
      );
    });
  });

  it('hold for an account over all its connections', async () => {
    await within((rates) => {
      const call = (n: number) => ({ accountId: 'alice', connection: `c${n}` });
      assert.equal(passing(rates, 50, call), 20);
      const many = (n: number) => ({ accountId: 'bob', connection: `c${n}`, name: `m${n}` });
      assert.equal(passing(rates, 1300, many), 1200);
    });
  });

  it('hold for a connection over all methods', async () => {
    await within((rates) => {
      assert.equal(
        passing(rates, 700, (n) => ({ name: `m${n}` })),
        600,
      );
    });
  });

  it('hold for an address, a whole /64, and not for the host itself', async () => {
    await within(
      (rates) => {
        const from = (address: string) => (n: number) => ({ address, connection: `${address} ${n}` });
        assert.equal(passing(rates, 20, from('203.0.113.9')), 15);
        assert.equal(passing(rates, 20, from('127.0.0.1')), 20);
        const sixes = (n: number) => ({ address: `2001:db8::${n.toString(16)}`, connection: `six ${n}` });
        assert.equal(passing(rates, 20, sixes), 15);
      },
      { OVERWRITE_SETTING_DDP_Rate_Limit_IP_Requests_Allowed: '15' },
    );
  });

  it('let five log-ins through in ten seconds, and count them by no method rule', async () => {
    await within((rates, clock) => {
      const logIn = () => ({ name: 'login', accountId: 'alice' });
      assert.equal(passing(rates, 7, logIn), 5);
      clock.move(10_000);
      assert.equal(passing(rates, 7, logIn), 5);
      for (let round = 0; round < 10; round += 1) {
        assert.equal(
          passing(rates, 5, () => ({ ...logIn(), connection: `r${round}` })),
          5,
        );
      }
    });
  });

  it('say how long to wait', async () => {
    await within((rates, clock) => {
      passing(rates, 10);
      clock.move(4000);
      assert.equal(rates.take(asked), 6000);
      clock.move(6000);
      assert.equal(rates.take(asked), 0);
    });
  });

  it('can be switched off', async () => {
    await within(
      (rates) => {
        assert.equal(passing(rates, 100), 100);
      },
      { OVERWRITE_SETTING_DDP_Rate_Limit_Connection_By_Method_Enabled: 'false' },
    );
  });

  it('remember no more than they must', async () => {
    await within((rates, clock) => {
      passing(rates, 1000, (n) => ({ connection: `c${n}` }));
      const held = rates.size;
      assert.ok(held >= 2000);
      rates.sweep();
      assert.equal(rates.size, held);
      clock.move(60_000);
      rates.sweep();
      assert.equal(rates.size, 0);
    });
  });

  it('of methods with a rule of their own are those, by address or by account, in place of the ones by method', async () => {
    await within((rates, clock) => {
      const of =
        (name: string, more: Partial<Asked> = {}) =>
        (n: number) => ({ name, connection: `c${n}`, ...more });
      assert.equal(passing(rates, 5, of('registerUser')), 1);
      assert.equal(passing(rates, 5, of('registerUser', { address: '203.0.113.10' })), 1);
      assert.equal(passing(rates, 20, of('sendForgotPasswordEmail')), 10);
      assert.equal(passing(rates, 20, of('sendConfirmationEmail', { accountId: 'alice' })), 5);
      assert.equal(passing(rates, 5, of('setEmail', { accountId: 'alice' })), 1);
      assert.equal(passing(rates, 5, of('setEmail', { accountId: 'bob' })), 1);
      assert.equal(passing(rates, 5, of('setUsername', { accountId: 'alice' })), 1);
      clock.move(1_000);
      assert.equal(passing(rates, 5, of('setEmail', { accountId: 'alice' })), 1);
      assert.equal(passing(rates, 5, of('registerUser')), 0);
      clock.move(59_000);
      assert.equal(passing(rates, 5, of('registerUser')), 1);
    });
  });

  it('are settings, each of them', async () => {
    const env = {
      OVERWRITE_SETTING_Rate_Limiter_Limit_RegisterUser: '3',
      OVERWRITE_SETTING_API_Enable_Rate_Limiter_Limit_Time_Default: '5000',
      OVERWRITE_SETTING_Countersign_DDP_Rate_Limit_Sign_In: '7',
      OVERWRITE_SETTING_Countersign_DDP_Rate_Limit_Forgot_Password_Email: '2',
    };
    await within((rates, clock) => {
      const of = (name: string) => () => ({ name });
      assert.equal(passing(rates, 9, of('registerUser')), 3);
      assert.equal(passing(rates, 9, of('login')), 7);
      assert.equal(passing(rates, 9, of('sendForgotPasswordEmail')), 2);
      clock.move(5_000);
      assert.equal(passing(rates, 9, of('registerUser')), 3);
    }, env);
  });
});
