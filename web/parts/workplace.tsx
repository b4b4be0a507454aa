import type { ComponentChildren } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { pageAt } from '../address.ts';
import { facts } from '../facts.ts';
import { pictureOf, usePerson } from '../person.ts';
import type { Area, Section } from '../section.ts';
import { menu } from '../words/menu.ts';
import { shared } from '../words/shared.ts';
import { Icon } from './icon.tsx';
import { Preferences } from './preferences.tsx';

interface Props {
  readonly area: Area;
  readonly sections: readonly Section[];
  readonly shown: Section | undefined;
  readonly children: ComponentChildren;
}

/** The frame of whoever is signed in: the areas above, the menu beside, the screen in the middle. */
export function Workplace({ area, sections, shown, children }: Props) {
  const { me, may } = usePerson();
  const administers = ['view-statistics', 'view-user-administration', 'view-privileged-setting', 'view-logs'].some(may);
  const areas = [
    { name: 'account', label: shared.say('myAccount'), path: '/account' },
    ...(administers ? [{ name: 'admin', label: shared.say('administration'), path: '/admin' }] : []),
  ];
  const list = useRef<HTMLUListElement>(null);
  useEffect(() => {
    // On a narrow screen the menu is one line, and the place where one is may lie beyond its edge.
    const place = list.current?.querySelector('[aria-current]')?.getBoundingClientRect();
    const line = list.current?.getBoundingClientRect();
    if (place === undefined || line === undefined) return;
    list.current?.scrollBy({ left: place.left + place.width / 2 - line.left - line.width / 2, behavior: 'instant' });
  }, [shown]);
  return (
    <div class="workplace">
      <a class="skip" href="#content">
        {shared.say('skip')}
      </a>
      <header class="bar">
        <p class="bar__site">{facts.siteName}</p>
        <nav class="bar__areas" aria-label={menu.say('areas')}>
          {areas.map(({ name, label, path }) => (
            <a key={name} href={pageAt(path)} class="bar__area" {...(name === area ? { 'aria-current': 'true' } : {})}>
              {label}
            </a>
          ))}
        </nav>
        <div class="bar__person">
          <img src={pictureOf(me)} alt="" width="28" height="28" class="avatar" />
          <span class="bar__name">{me.username}</span>
          <form method="post" action={pageAt('/sign-out')}>
            <button type="submit" class="rcx-box rcx-box--full rcx-button rcx-button--secondary rcx-button--small">
              {shared.say('signOut')}
            </button>
          </form>
        </div>
      </header>
      <div class="workplace__middle">
        {sections.length < 2 ? null : (
          <nav class="menu" aria-label={shared.say('menu')}>
            <ul ref={list}>
              {sections.map((section) => (
                <li key={section.path}>
                  <a
                    href={pageAt(`/${area}/${section.path}`)}
                    class="menu__item"
                    {...(section === shown ? { 'aria-current': 'page' } : {})}
                  >
                    <Icon name={section.icon} />
                    {section.title()}
                  </a>
                </li>
              ))}
            </ul>
          </nav>
        )}
        <main class="workplace__screen" id="content" tabIndex={-1}>
          {children}
        </main>
      </div>
      <footer class="workplace__foot">
        <Preferences />
      </footer>
    </div>
  );
}
