import { mostSignIns } from '../../../core/audit/trail.ts';
import { deviceOf } from '../../shapes/device.ts';
import { endpoint } from '../endpoint.ts';
import { flag, list, moment, object, optional, text, whole } from '../schema.ts';
import { deviceSchema } from '../session-shape.ts';

export default endpoint({
  method: 'get',
  path: '/api/v1/users.lastSignIns',
  summary: "Lists the last sign-ins to the caller's account and the attempts that were refused, newest first.",
  auth: 'token',
  query: object({ count: optional(whole({ minimum: 1, maximum: mostSignIns })) }),
  answer: object({
    signIns: list(
      object({
        at: moment(),
        done: flag({ description: 'False for an attempt that was refused.' }),
        door: text({ description: 'How the client came: `rest`, `ddp`, `method-call`, `page`, `cli`.' }),
        address: text(),
        userAgent: text(),
        device: deviceSchema,
        kind: optional(
          text({
            description:
              'By what: `password`, `passkey`, the name of a provider; `confirmation` where a session gave a second factor for an act.',
          }),
        ),
        factor: optional(text({ description: 'The second factor that held.' })),
        code: optional(text({ description: 'Why it was refused.' })),
      }),
    ),
  }),
  async run(app, { signed, query }) {
    const signIns = await app.audit.signIns(signed.account.id, query.count ?? 20);
    return {
      signIns: await Promise.all(
        signIns.map(async ({ at, held, door, address, userAgent, kind, factor, code }) => ({
          at: new Date(at).toISOString(),
          done: held,
          door,
          address,
          userAgent,
          device: await deviceOf(userAgent),
          ...(kind === undefined ? {} : { kind }),
          ...(factor === undefined ? {} : { factor }),
          ...(code === undefined ? {} : { code }),
        })),
      ),
    };
  },
});
