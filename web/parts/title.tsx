import { useEffect, useRef } from 'preact/hooks';
import { facts } from '../facts.ts';

/** The heading of a screen: the window is called so, and whoever hears the page begins there after a move. */
export function Title({ children, takesFocus = true }: { readonly children: string; readonly takesFocus?: boolean }) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    document.title = `${children} · ${facts.siteName}`;
  }, [children]);
  useEffect(() => {
    const { activeElement } = document;
    if (takesFocus && (activeElement === null || activeElement === document.body)) {
      heading.current?.focus({ preventScroll: true });
    }
  }, [takesFocus]);
  return (
    <h1 ref={heading} tabIndex={-1}>
      {children}
    </h1>
  );
}
