import type { ComponentChildren } from 'preact';
import { facts } from '../facts.ts';
import { Preferences } from './preferences.tsx';

/** The frame of a screen that stands alone: a card in the middle, with the name of the site above. */
export function Frame({ children }: { readonly children: ComponentChildren }) {
  return (
    <div class="frame">
      <header class="frame__head">
        <p class="frame__site">{facts.siteName}</p>
      </header>
      <main class="frame__card" id="content">
        {children}
      </main>
      <footer class="frame__foot">
        <Preferences />
      </footer>
    </div>
  );
}
