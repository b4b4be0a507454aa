import { endpoint } from '../endpoint.ts';
import { flag, object, optional, text } from '../schema.ts';

export default endpoint({
  method: 'post',
  path: '/api/v1/registration.offerUsername',
  summary: 'Tells whoever may register whether a username is free, and one that is.',
  auth: 'none',
  body: object({
    username: optional(text({ maxLength: 256 })),
    name: optional(text({ maxLength: 256, description: 'What the suggestion is made of, like `email`.' })),
    email: optional(text({ maxLength: 256 })),
    secret: optional(text({ description: 'Where registration is open by a secret address only.' })),
  }),
  answer: object({
    free: optional(flag({ description: 'Whether the username could be taken now; there where one was sent.' })),
    suggestion: text(),
  }),
  async run(app, { body: { username, name = '', email = '', secret } }) {
    const { free, suggestion } = await app.registration.offerUsername(secret, { username, name, email });
    return { ...(free === undefined ? {} : { free: free.held }), suggestion };
  },
});
