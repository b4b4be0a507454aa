import { useCallback, useEffect, useRef, useState } from 'preact/hooks';
import { useLocation, useRoute } from 'preact-iso';
import { pageAt, pathHere } from './address.ts';
import { whenSignedOut } from './client.ts';
import { explain } from './explain.ts';
import { Button } from './parts/button.tsx';
import { Callout } from './parts/callout.tsx';
import { Frame } from './parts/frame.tsx';
import { Loading } from './parts/states.tsx';
import { Title } from './parts/title.tsx';
import { Workplace } from './parts/workplace.tsx';
import { fetchPerson, type Person, PersonContext } from './person.ts';
import { Opened, screen } from './screen.tsx';
import type { Area, Section } from './section.ts';
import { isSetupDue } from './setup/lead.ts';
import { duties } from './words/duties.ts';
import { menu } from './words/menu.ts';
import { profile } from './words/profile.ts';
import { shared } from './words/shared.ts';

const firstUsername = screen([duties, profile], async () => await import('./account/first-username.tsx'));

interface Props {
  readonly area: Area;
  /** Brings the screens of the area; the same function each time. */
  readonly load: () => Promise<readonly Section[]>;
  readonly isSignedIn: boolean;
  /** Why nobody knows who is signed in, in words. */
  readonly unanswered: string | undefined;
}

function toSignIn(): void {
  location.replace(`${pageAt('/sign-in')}?return=${encodeURIComponent(pathHere())}`);
}

/** The pages of somebody who is signed in. Whoever is not is sent to sign in, and comes back here. */
export function SignedIn({ area, load, isSignedIn, unanswered }: Props) {
  const [sections, setSections] = useState<readonly Section[]>([]);
  const [person, setPerson] = useState<Omit<Person, 'refresh'> | undefined>(undefined);
  const [failure, setFailure] = useState<string | undefined>(undefined);
  const { params } = useRoute();
  const { route } = useLocation();
  // Another one after each move, which must not fetch everything again.
  const latestRoute = useRef(route);
  latestRoute.current = route;
  const refresh = useCallback(async () => {
    try {
      const [fetched, found] = await Promise.all([fetchPerson(), load(), menu.load()]);
      if (area === 'account' && (await isSetupDue(fetched))) latestRoute.current(pageAt('/setup'), true);
      setSections(found);
      setPerson(fetched);
      setFailure(undefined);
    } catch (cause) {
      setFailure(explain(cause).text);
    }
  }, [area, load]);
  useEffect(() => {
    if (isSignedIn) void refresh();
    else if (unanswered === undefined) toSignIn();
  }, [isSignedIn, refresh, unanswered]);
  // By itself: the router draws a screen anew when the address changes, and not before.
  useEffect(() => whenSignedOut(toSignIn), []);
  if (!isSignedIn) return unanswered === undefined ? null : <Failed told={unanswered} onRetry={reload} />;
  if (person === undefined) {
    return failure === undefined ? (
      <Frame>
        <Loading lines={5} />
      </Frame>
    ) : (
      <Failed told={failure} onRetry={() => void refresh()} />
    );
  }
  if (person.me.username === undefined) return <Opened of={firstUsername} alone onDone={refresh} />;
  const open = sections.filter(({ needs }) => needs === undefined || needs.some((one) => person.may(one)));
  const { section: asked = '', id } = params as { readonly section?: string; readonly id?: string };
  const shown = asked === '' ? open[0] : open.find(({ path }) => path === asked);
  return (
    <PersonContext.Provider value={{ ...person, refresh }}>
      <Workplace area={area} sections={open} shown={shown}>
        {shown === undefined ? (
          <>
            <Title>{shared.say('notFoundTitle')}</Title>
            <p>
              {shared.say(asked === '' || sections.some(({ path }) => path === asked) ? 'notAllowed' : 'notFoundText')}
            </p>
          </>
        ) : (
          <Opened key={shown.path} of={shown.screen} {...(id === undefined ? {} : { id })} />
        )}
      </Workplace>
    </PersonContext.Provider>
  );
}

function reload(): void {
  location.reload();
}

/** Nothing can be shown before the server answers. */
function Failed({ told, onRetry }: { readonly told: string; readonly onRetry: () => void }) {
  return (
    <Frame>
      <Title>{shared.say('failedToLoad')}</Title>
      <Callout kind="danger">
        <p>{told}</p>
        <Button onClick={onRetry}>{shared.say('retry')}</Button>
      </Callout>
    </Frame>
  );
}
