import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { caller } from '../../../test/world.ts';
import type { MethodAnswer } from '../shapes/method-call.ts';
import { within } from './ddp-world.suite.ts';

const codeOf = (answer: MethodAnswer): unknown => ('error' in answer ? answer.error.error : 'done');
const none = { code: undefined, method: undefined };

describe('api-bypass-rate-limit', () => {
  it('spares its holders the limits of calls on a socket, and nobody else', async () => {
    await within(async (world) => {
      for (const [name, role, most] of [
        ['alice', 'user', 10],
        ['robot', 'bot', 40],
      ] as const) {
        await world.add(name, { roles: [role] });
        const client = await world.signedIn(name);
        const codes: unknown[] = [];
        for (let n = 0; n < 40; n += 1) {
          const { error } = await client.ask('getUserRoles');
          codes.push((error as { readonly error: unknown } | undefined)?.error);
        }
        assert.equal(codes.filter((code) => code !== 'too-many-requests').length, most, name);
      }
    });
  });

  it('spares them in method.call as well, but not where secrets are tried', async () => {
    await within(async ({ add, signIn, server }) => {
      await add('root', { roles: ['admin'] });
      const signed = await signIn('root');
      const from = caller({ door: 'method-call' });
      const often = async (name: string, as: typeof signed | undefined): Promise<readonly unknown[]> => {
        const codes: unknown[] = [];
        for (let n = 0; n < 30; n += 1) codes.push(codeOf(await server.callMethod(name, [{}], from, as, none)));
        return codes;
      };
      assert.ok(!(await often('getUserRoles', signed)).includes('too-many-requests'));
      assert.equal((await often('getUserRoles', undefined)).filter((code) => code !== 'too-many-requests').length, 10);
      for (const name of ['login', 'resetPassword', 'forgotPassword', 'createUser']) {
        const codes = await often(name, signed);
        assert.equal(codes.filter((code) => code !== 'too-many-requests').length, 5, name);
      }
    });
  });

  it('is asked of the token as well: one of narrower scopes spares nobody', async () => {
    await within(async ({ add, signIn, server }) => {
      await add('root', { roles: ['admin'] });
      const { token, ...signed } = await signIn('root');
      const narrow = { ...signed, token: { ...token, scopes: ['create-user'] } };
      const codes: unknown[] = [];
      for (let n = 0; n < 15; n += 1) {
        codes.push(codeOf(await server.callMethod('getUserRoles', [], caller({ door: 'method-call' }), narrow, none)));
      }
      assert.ok(codes.includes('too-many-requests'));
    });
  });
});
