import { deviceOf } from '../../shapes/device.ts';
import { endpoint } from '../endpoint.ts';
import { list, moment, object, text } from '../schema.ts';
import { deviceSchema } from '../session-shape.ts';

export default endpoint({
  method: 'get',
  path: '/api/v1/users.trustedClients',
  summary: "Lists the caller's sessions and personal tokens whose client has lately held a second factor.",
  auth: 'token',
  answer: object({
    clients: list(
      object({
        id: text({ description: 'Names the session here, and is no secret.' }),
        userAgent: text({ description: 'Of the client that opened it.' }),
        device: deviceSchema,
        address: text({ description: 'Where it was opened from.' }),
        until: moment(),
      }),
    ),
  }),
  async run(app, { signed }) {
    const trusted = await app.factor.trustedClients(signed);
    return {
      clients: await Promise.all(
        trusted.map(async ({ token: { id, userAgent, address }, until }) => ({
          id,
          userAgent,
          device: await deviceOf(userAgent),
          address,
          until: new Date(until).toISOString(),
        })),
      ),
    };
  },
});
