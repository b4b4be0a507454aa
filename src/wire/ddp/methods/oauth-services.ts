import type { App } from '../../../app.ts';
import { Fault } from '../../../core/fault.ts';
import type { Signed } from '../../../core/session/token.ts';
import type { FaultText } from '../../shapes/fault-text.ts';
import { type AnyMethod, type Call, userMethod } from '../method.ts';
import { textOf } from '../params.ts';
import { Refusal } from '../refusal.ts';

type Run = (app: App, call: Call & { readonly signed: Signed }, name: string) => Promise<void>;

function serviceMethod<Params>(spec: {
  readonly name: string;
  readonly signedOut: FaultText;
  readonly missing: FaultText;
  readonly params: (given: readonly unknown[]) => Params;
  run(app: App, call: Call & { readonly signed: Signed }, params: Params): Promise<void>;
}): AnyMethod {
  const { name, signedOut, missing, params } = spec;
  return userMethod({
    name,
    signedOut,
    scoped: true,
    twoFactor: { remember: true, always: false },
    params,
    async run(app, call, given) {
      try {
        await spec.run(app, call, given);
      } catch (cause) {
        if (cause instanceof Fault && cause.code === 'permission-missing') throw new Refusal(missing);
        throw cause;
      }
    },
  });
}

function invalidUser(method: string): FaultText {
  return { error: 'error-invalid-user', reason: 'Invalid user', details: { method } };
}

const named = {
  params: ([name]: readonly unknown[]) => textOf(name),
};

const add: Run = async (app, { signed, caller }, name) => {
  await app.setting.addOauthService(signed, name, caller);
};

const remove: Run = async (app, { signed, caller }, name) => {
  await app.setting.removeOauthService(signed, name, caller);
};

const refreshRefused: FaultText = {
  error: 'error-action-not-allowed',
  reason: 'Refresh OAuth Services is not allowed',
  details: { method: 'refreshOAuthService', action: 'Refreshing_OAuth_Services' },
};

/** Custom OAuth services, as pages of administration manage them (providers.md §3.5). */
export const oauthServiceMethods: readonly AnyMethod[] = [
  serviceMethod({
    ...named,
    name: 'addOAuthService',
    signedOut: invalidUser('addOAuthService'),
    missing: {
      error: 'error-action-not-allowed',
      reason: 'Adding OAuth Services is not allowed',
      details: { method: 'addOAuthService', action: 'Adding_OAuth_Services' },
    },
    run: add,
  }),
  serviceMethod({
    ...named,
    name: 'removeOAuthService',
    signedOut: invalidUser('removeOAuthService'),
    missing: { error: 'error-not-allowed', reason: 'Not authorized', details: { method: 'removeOAuthService' } },
    run: remove,
  }),
  serviceMethod({
    name: 'refreshOAuthService',
    signedOut: refreshRefused,
    missing: refreshRefused,
    params: () => undefined,
    async run(app, { signed }) {
      await app.setting.refreshOauthServices(signed);
    },
  }),
];
