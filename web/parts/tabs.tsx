import '../style/tabs.css';
import type { ComponentChildren } from 'preact';
import { useId, useRef } from 'preact/hooks';

interface Tab {
  readonly key: string;
  readonly label: string;
}

/** Parts of a screen, one of them shown. The arrow keys go from one to the next, Enter or the space bar opens it. */
export function Tabs({
  label,
  tabs,
  shown,
  onShow,
  children,
}: {
  readonly label: string;
  readonly tabs: readonly Tab[];
  readonly shown: string;
  readonly onShow: (key: string) => void;
  readonly children: ComponentChildren;
}) {
  const id = useId();
  const list = useRef<HTMLDivElement>(null);
  const go = (key: string): void => {
    const buttons = [...(list.current?.querySelectorAll<HTMLButtonElement>('[role=tab]') ?? [])];
    const at = buttons.findIndex((button) => button === document.activeElement);
    const isReversed = document.documentElement.dir === 'rtl';
    const steps: Readonly<Record<string, number>> = {
      ArrowRight: isReversed ? at - 1 : at + 1,
      ArrowLeft: isReversed ? at + 1 : at - 1,
      Home: 0,
      End: buttons.length - 1,
    };
    const to = steps[key];
    if (to !== undefined) buttons[(to + buttons.length) % buttons.length]?.focus();
  };
  return (
    <>
      <div
        ref={list}
        class="tabs"
        role="tablist"
        aria-label={label}
        onKeyDown={(event) => {
          if (event.key.startsWith('Arrow') || event.key === 'Home' || event.key === 'End') event.preventDefault();
          go(event.key);
        }}
      >
        {tabs.map((tab) => (
          <button
            key={tab.key}
            type="button"
            role="tab"
            id={`${id}-${tab.key}`}
            class="tabs__tab"
            aria-selected={tab.key === shown}
            {...(tab.key === shown ? { 'aria-controls': `${id}-shown` } : {})}
            tabIndex={tab.key === shown ? 0 : -1}
            onClick={() => onShow(tab.key)}
          >
            {tab.label}
          </button>
        ))}
      </div>
      <div id={`${id}-shown`} class="tabs__shown" role="tabpanel" aria-labelledby={`${id}-${shown}`}>
        {children}
      </div>
    </>
  );
}
