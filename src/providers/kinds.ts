import { apple } from './apple.ts';
import { dolphin } from './dolphin.ts';
import { drupal } from './drupal.ts';
import { facebook } from './facebook.ts';
import { github } from './github.ts';
import { githubEnterprise } from './github-enterprise.ts';
import { gitlab } from './gitlab.ts';
import { google } from './google.ts';
import type { ProviderKind } from './kind.ts';
import { linkedin } from './linkedin.ts';
import { meteorDeveloper } from './meteor-developer.ts';
import { nextcloud } from './nextcloud.ts';
import { twitter } from './twitter.ts';
import { wordpress } from './wordpress.ts';

/**
 * Every provider that is built in, in the order in which clients are told, by the name that its settings have:
 * `Accounts_OAuth_<name>`.
 */
export const kinds = {
  Apple: apple,
  Dolphin: dolphin,
  Drupal: drupal,
  Facebook: facebook,
  Github: github,
  GitHub_Enterprise: githubEnterprise,
  Gitlab: gitlab,
  Google: google,
  Linkedin: linkedin,
  Meteor: meteorDeveloper,
  Nextcloud: nextcloud,
  Twitter: twitter,
  Wordpress: wordpress,
} as const satisfies Readonly<Record<string, ProviderKind>>;
