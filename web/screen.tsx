import type { ComponentType } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { ClientError } from '../src/client/index.ts';
import { explain } from './explain.ts';
import { Button } from './parts/button.tsx';
import { Callout } from './parts/callout.tsx';
import { Frame } from './parts/frame.tsx';
import { Loading } from './parts/states.tsx';
import { Title } from './parts/title.tsx';
import { shared } from './words/shared.ts';

/** A screen that is fetched when it is first opened, with its words. */
export interface Screen<Props = object> {
  readonly fetch: () => Promise<ComponentType<Props>>;
}

/**
 * @param words what the screen says, brought before it is shown
 * @param load brings its code
 */
export function screen<Props>(
  words: readonly { load(): Promise<void> }[],
  load: () => Promise<{ readonly default: ComponentType<Props> }>,
): Screen<Props> {
  let fetched: Promise<ComponentType<Props>> | undefined;
  return {
    fetch: () => {
      fetched ??= Promise.all([load(), ...words.map(async (one) => await one.load())]).then(
        ([{ default: component }]) => component,
      );
      fetched.catch(() => {
        // A new version may have taken the place of the old one's files: the next try asks again.
        fetched = undefined;
      });
      return fetched;
    },
  };
}

/**
 * Shows a screen, and what there is to see until it is there.
 * @param alone whether nothing stands around it, so that what is seen meanwhile needs a frame of its own
 */
export function Opened<Props extends object>({
  of,
  alone = false,
  ...props
}: { readonly of: Screen<Props>; readonly alone?: boolean } & Props) {
  const [{ Component, failure }, setState] = useState<{
    readonly Component?: ComponentType<Props>;
    readonly failure?: string;
  }>({});
  useEffect(() => {
    let isGone = false;
    setState({});
    of.fetch().then(
      (component) => {
        if (!isGone) setState({ Component: component });
      },
      (cause: unknown) => {
        // Code and styles that did not come are told by browsers in words of their own.
        if (!isGone) setState({ failure: cause instanceof ClientError ? explain(cause).text : shared.say('noAnswer') });
      },
    );
    return () => {
      isGone = true;
    };
  }, [of]);
  if (Component !== undefined) return <Component {...(props as unknown as Props)} />;
  const meanwhile =
    failure === undefined ? (
      <Loading />
    ) : (
      <>
        {alone ? <Title>{shared.say('failedToLoad')}</Title> : null}
        <Callout kind="danger" title={alone ? undefined : shared.say('failedToLoad')}>
          <p>{failure}</p>
          {/* After an update the files of the page that is open may be gone: a new page knows the new ones. */}
          <Button small onClick={() => location.reload()}>
            {shared.say('retry')}
          </Button>
        </Callout>
      </>
    );
  return alone ? <Frame>{meanwhile}</Frame> : meanwhile;
}
