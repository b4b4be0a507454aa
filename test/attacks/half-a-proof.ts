import { type Door, doors, type Outcome, signInAt, type Visitor } from './doors.ts';
import { signInOverSockJs } from './sockjs-door.ts';
import { ask, at, Ddp, type Pass, pass, type Target } from './wire.ts';

/** Every way in, the one over SockJS as well. */
export const waysIn: readonly (Door | 'SockJS')[] = [...doors, 'SockJS'];
export type WayIn = (typeof waysIn)[number];

/** Signs in with name and password, and nothing else, by one of the ways in. */
export async function signInBy(
  target: Target,
  way: WayIn,
  { username, password }: { readonly username: string; readonly password: string },
  visitor: Visitor = {},
): Promise<Pick<Outcome, 'opened' | 'error' | 'text'>> {
  return way === 'SockJS'
    ? await signInOverSockJs(target, username, password, visitor.from)
    : await signInAt(target, way, username, password, visitor);
}

/** Every way to a call that wants a second factor. */
export const gatedWays = ['REST', 'DDP method', 'method.call', 'method.callAnon'] as const;
export type GatedWay = (typeof gatedWays)[number];

/** Makes a personal token by one of the ways, without any code. */
export async function callWithoutCode(
  target: Target,
  way: GatedWay,
  of: Pass,
  tokenName: string,
): Promise<{ readonly done: boolean; readonly text: string }> {
  switch (way) {
    case 'REST': {
      const path = '/api/v1/users.generatePersonalAccessToken';
      const { status, text } = await ask(target, { path, headers: pass(of), json: { tokenName } });
      return { done: status === 200, text };
    }
    case 'DDP method': {
      const ddp = await Ddp.open(target);
      try {
        await ddp.call('login', { resume: of.authToken });
        const frame = await ddp.call('personalAccessTokens:generateToken', { tokenName });
        return { done: typeof frame['result'] === 'string', text: JSON.stringify(frame) };
      } finally {
        ddp.close();
      }
    }
    default: {
      const method = 'personalAccessTokens:generateToken';
      const message = JSON.stringify({ msg: 'method', id: '1', method, params: [{ tokenName }] });
      const path = `/api/v1/${way}/${encodeURIComponent(method)}`;
      const { json, text } = await ask(target, { path, headers: pass(of), json: { message } });
      const inner = at(json, 'message');
      return { done: typeof inner === 'string' && typeof at(JSON.parse(inner), 'result') === 'string', text };
    }
  }
}
