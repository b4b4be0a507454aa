import { useEffect, useRef, useState } from 'preact/hooks';
import { beforeGoingBack } from '../going-back.ts';
import { Confirm } from '../parts/dialog.tsx';
import { settingsForm as words } from '../words/settings-form.ts';

/**
 * Asks before somebody leaves what is not saved: by a link, by the buttons of the browser, or by closing the page.
 * @param within below this path nothing is lost
 */
export function Leaving({ isDirty, within }: { readonly isDirty: boolean; readonly within?: string }) {
  const [leave, setLeave] = useState<(() => void) | undefined>(undefined);
  const isGoing = useRef(false);
  const here = useRef('');
  useEffect(() => {
    here.current = `${location.pathname}${location.search}`;
  });
  useEffect(() => {
    if (!isDirty) return undefined;
    const stays = (path: string): boolean => within !== undefined && (path === within || path.startsWith(`${within}/`));
    const ask = (go: () => void): void => {
      setLeave(() => () => {
        isGoing.current = true;
        go();
      });
    };
    const clicked = (event: MouseEvent): void => {
      const { target } = event;
      const link = target instanceof Element ? target.closest<HTMLAnchorElement>('a[href]') : null;
      const isElsewhere = event.button !== 0 || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey;
      if (isGoing.current || isElsewhere || link === null || link.target !== '' || link.origin !== location.origin) {
        return;
      }
      if ((link.getAttribute('href') ?? '').startsWith('#') || stays(link.pathname)) return;
      event.preventDefault();
      event.stopPropagation();
      ask(() => link.click());
    };
    const wentBack = (event: PopStateEvent): void => {
      if (isGoing.current || stays(location.pathname)) return;
      event.stopImmediatePropagation();
      history.pushState(null, '', here.current);
      ask(() => history.back());
    };
    const unloads = (event: BeforeUnloadEvent): void => {
      if (!isGoing.current) event.preventDefault();
    };
    document.addEventListener('click', clicked, true);
    const stopBack = beforeGoingBack(wentBack);
    addEventListener('beforeunload', unloads);
    return () => {
      document.removeEventListener('click', clicked, true);
      stopBack();
      removeEventListener('beforeunload', unloads);
    };
  }, [isDirty, within]);
  if (leave === undefined) return null;
  return (
    <Confirm
      title={words.say('leaveTitle')}
      doIt={words.say('leave')}
      onClose={() => setLeave(undefined)}
      onConfirm={async () => {
        leave();
        await Promise.resolve();
      }}
    >
      <p>{words.say('leaveText')}</p>
    </Confirm>
  );
}
