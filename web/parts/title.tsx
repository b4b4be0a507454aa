import { useEffect, useRef } from 'preact/hooks';
import { facts } from '../facts.ts';

/** The heading of a screen: the window is called so, and whoever hears the page begins there after a move. */
export function Title({ children, takesFocus = true }: { readonly children: string; readonly takesFocus?: boolean }) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    document.title = `${children} · ${facts.siteName}`;
  }, [children]);
  useEffect(() => {
    if (takesFocus && isFree(document.activeElement)) heading.current?.focus({ preventScroll: true });
  }, [takesFocus]);
  return (
    <h1 ref={heading} tabIndex={-1}>
      {children}
    </h1>
  );
}

/** Whether nobody is at work there: the focus is nowhere, or still on the link that led here. */
function isFree(active: Element | null): boolean {
  if (active === null || active === document.body) return true;
  return active instanceof HTMLAnchorElement && active.hash === '' && active.pathname === location.pathname;
}
