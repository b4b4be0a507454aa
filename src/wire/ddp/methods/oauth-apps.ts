import { Fault, type FaultCode } from '../../../core/fault.ts';
import { applicationDocument, newOptionsIn, optionsIn } from '../../shapes/application-document.ts';
import { type FaultText, faultText } from '../../shapes/fault-text.ts';
import { type AnyMethod, userMethod } from '../method.ts';
import { fieldOf, fieldsOf, textOf } from '../params.ts';
import { Refusal } from '../refusal.ts';

/** Refusals that name the method. */
const named: ReadonlySet<FaultCode> = new Set([
  'application-unknown',
  'application-name-invalid',
  'application-redirect-invalid',
]);

type Spec<Params> = Omit<Parameters<typeof userMethod<Params>>[0], 'signedOut'>;

function applicationMethod<Params>(spec: Spec<Params>): AnyMethod {
  const details = { method: spec.name };
  const run: typeof spec.run = async (app, call, params) => {
    try {
      return await spec.run(app, call, params);
    } catch (cause) {
      if (!(cause instanceof Fault)) throw cause;
      if (cause.code === 'permission-missing') {
        throw new Refusal({ error: 'error-not-allowed', reason: 'Not allowed', details });
      }
      throw named.has(cause.code) ? new Refusal({ ...faultText(cause), details }) : cause;
    }
  };
  const signedOut: FaultText = { error: 'error-invalid-user', reason: 'Invalid user', details };
  return userMethod({ ...spec, signedOut, run });
}

/** Only Rocket.Chat's own members: what else an application has is set over REST, and stays. */
function askedIn(value: unknown) {
  const fields = fieldsOf(value);
  const active = fieldOf(fields, 'active');
  if (typeof active !== 'boolean') throw new Fault('malformed');
  return { name: textOf(fieldOf(fields, 'name')), active, redirects: textOf(fieldOf(fields, 'redirectUri')) };
}

/** Applications, as pages of administration manage them (providers.md §8.2). */
export const oauthAppMethods: readonly AnyMethod[] = [
  applicationMethod({
    name: 'addOAuthApp',
    params: ([asked]) => askedIn(asked),
    run: async (app, { signed, caller }, asked) =>
      applicationDocument(app, await app.application.add(signed, { ...asked, options: newOptionsIn({}) }, caller)),
  }),
  applicationMethod({
    name: 'updateOAuthApp',
    params: ([id, asked]) => ({ id: textOf(id), asked: askedIn(asked) }),
    run: async (app, { signed, caller }, { id, asked }) =>
      applicationDocument(app, await app.application.change(signed, id, { ...asked, options: optionsIn({}) }, caller)),
  }),
  applicationMethod({
    name: 'deleteOAuthApp',
    params: ([id]) => textOf(id),
    async run(app, { signed, caller }, id) {
      await app.application.remove(signed, id, caller);
      return true;
    },
  }),
];
