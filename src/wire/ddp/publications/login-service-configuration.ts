import type { Publication } from '../publication.ts';
import { loginServicesTopic } from '../topic-names.ts';

/** The sign-in services to offer, for anybody, and each later change of them (realtime.md §12.1). */
export const loginServiceConfiguration: Publication = {
  name: 'meteor.loginServiceConfiguration',
  open: (_subscriber, { loginServices }) => ({ documents: loginServices.list(), topics: [loginServicesTopic] }),
};
