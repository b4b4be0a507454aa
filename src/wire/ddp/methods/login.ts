import { decodeLogIn, signIn } from '../../shapes/log-in-request.ts';
import { logInResult } from '../../shapes/log-in-result.ts';
import { openMethod } from '../method.ts';

/** Signs in with any of the forms of realtime.md §8.3; only the first parameter counts. */
export const login = openMethod({
  name: 'login',
  ignoresCaller: true,
  params: ([request]) => decodeLogIn(request),
  async run(app, call, request) {
    const loggedIn = await signIn(app, request, call.caller);
    await call.signIn(loggedIn);
    return logInResult(loggedIn);
  },
});
