import type { App } from '../../../app.ts';
import { loginServiceDocuments, onLoginServices } from '../../shapes/login-services.ts';
import type { Document } from '../frames.ts';
import type { LoginServices, Publication } from '../publication.ts';
import { loginServicesTopic } from '../topic-names.ts';

const collection = 'meteor_accounts_loginServiceConfiguration';

/** The sign-in services to offer, for anybody, and each later change of them (realtime.md §12.1). */
export const loginServiceConfiguration: Publication = {
  name: 'meteor.loginServiceConfiguration',
  open: (_subscriber, { loginServices }) => ({ documents: loginServices.list(), topics: [loginServicesTopic] }),
};

/** The services of the app as they are published. Each connection asks for them, so they are made once for all. */
export function loginServicesOf(app: App): LoginServices {
  const made = (): readonly Document[] =>
    loginServiceDocuments(app).map(({ _id, ...fields }) => ({ collection, id: _id, fields: JSON.stringify(fields) }));
  let documents: readonly Document[] | undefined;
  return {
    list: () => (documents ??= made()),
    onChange: (act) =>
      onLoginServices(app, () => {
        documents = undefined;
        act();
      }),
  };
}
