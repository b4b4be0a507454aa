import './going-back.ts';
import { useCallback, useEffect } from 'preact/hooks';
import { LocationProvider, Route, Router, useLocation } from 'preact-iso';
import { pageAt, pathHere } from './address.ts';
import { facts } from './facts.ts';
import { Announcements } from './parts/announce.tsx';
import { FactorDialog } from './parts/factor-dialog.tsx';
import { Frame } from './parts/frame.tsx';
import { Title } from './parts/title.tsx';
import { Opened } from './screen.tsx';
import type { Section } from './section.ts';
import { doors } from './sign-in/index.ts';
import { SignedIn } from './signed-in.tsx';
import { shared } from './words/shared.ts';

/** The screens of each area, with their words: whoever signs in waits for none of them. */
const areas = {
  account: async (): Promise<readonly Section[]> => (await import('./account/index.ts')).account,
  admin: async (): Promise<readonly Section[]> => (await import('./admin/index.ts')).administration,
  setup: async (): Promise<readonly Section[]> => (await import('./setup/index.ts')).setup,
};

interface Props {
  /** Whether the browser's cookie stands for somebody. */
  readonly isSignedIn: boolean;
  /** Why nobody knows that, in words; undefined where the server has told. */
  readonly unanswered: string | undefined;
}

/** All pages. */
export function App({ isSignedIn, unanswered }: Props) {
  const to = useCallback((path: string) => pageAt(path), []);
  return (
    <LocationProvider
      scope={
        new RegExp(
          `^${facts.base.replaceAll(/[$()*+.?[\\\]^{|}]/gu, String.raw`\$&`)}/(?:account|admin|setup)(?:/|$)`,
          'u',
        )
      }
    >
      <Router>
        {doors.map(({ path, screen }) => (
          <Route key={path} path={to(path)} component={() => <Opened of={screen} alone />} />
        ))}
        <Route path={to('/')} component={() => <Start isSignedIn={isSignedIn} />} />
        <Route
          path={to('/account/:section?')}
          component={() => (
            <SignedIn area="account" load={areas.account} isSignedIn={isSignedIn} unanswered={unanswered} />
          )}
        />
        <Route
          path={to('/admin/:section?/:id?')}
          component={() => <SignedIn area="admin" load={areas.admin} isSignedIn={isSignedIn} unanswered={unanswered} />}
        />
        <Route
          path={to('/setup')}
          component={() => <SignedIn area="setup" load={areas.setup} isSignedIn={isSignedIn} unanswered={unanswered} />}
        />
        <Route default component={NotFound} />
      </Router>
      <FactorDialog />
      <Announcements />
    </LocationProvider>
  );
}

/** Whoever is signed in goes on to their account; whoever is not signs in. */
function Start({ isSignedIn }: { readonly isSignedIn: boolean }) {
  const { route } = useLocation();
  useEffect(() => {
    if (isSignedIn) route(pageAt('/account'), true);
  }, [isSignedIn, route]);
  const signIn = doors.find(({ path }) => path === '/sign-in');
  return isSignedIn || signIn === undefined ? null : <Opened of={signIn.screen} alone />;
}

function NotFound() {
  return (
    <Frame>
      <Title>{shared.say('notFoundTitle')}</Title>
      <p>{shared.say('notFoundText')}</p>
      <p>
        <a href={pageAt('/')}>{shared.say('toStart')}</a>
      </p>
      <p class="quiet" dir="ltr">
        {pathHere()}
      </p>
    </Frame>
  );
}
