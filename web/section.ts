import type { IconName } from './parts/icon.tsx';
import type { Screen } from './screen.tsx';

/** The areas of somebody who is signed in. */
export type Area = 'account' | 'admin' | 'setup';

/** A screen of an area that has several, with its place in the menu. */
export interface Section {
  /** What its address says behind that of its area; the first of an area is also its start. */
  readonly path: string;
  /** What the menu says: asked for when it is drawn, since words are brought late. */
  readonly title: () => string;
  readonly icon: IconName;
  /** Any of these permissions opens it; without them it is everybody's. */
  readonly needs?: readonly string[];
  readonly screen: Screen<SectionProps>;
}

/** What the screen of a section is given. */
export interface SectionProps {
  /** What stands in the address behind the section: the id of somebody, for example. */
  readonly id?: string;
}
