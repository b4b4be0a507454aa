import { pageAt, returnHere } from '../address.ts';
import { facts, type Service } from '../facts.ts';
import { Icon, type IconName } from '../parts/icon.tsx';
import { signIn as words } from '../words/sign-in.ts';

/** Names of services whose settings name none, and the signs of those that the icon font has. */
const known: Readonly<Record<string, { readonly name: string; readonly icon?: IconName }>> = {
  'apple': { name: 'Apple' },
  'cas': { name: 'CAS' },
  'dolphin': { name: 'Dolphin' },
  'drupal': { name: 'Drupal' },
  'facebook': { name: 'Facebook', icon: 'facebook' },
  'github': { name: 'GitHub', icon: 'github' },
  'github_enterprise': { name: 'GitHub Enterprise', icon: 'github' },
  'gitlab': { name: 'GitLab', icon: 'gitlab' },
  'google': { name: 'Google', icon: 'google' },
  'linkedin': { name: 'LinkedIn', icon: 'linkedin' },
  'meteor-developer': { name: 'Meteor' },
  'nextcloud': { name: 'Nextcloud' },
  'saml': { name: 'SAML' },
  'twitter': { name: 'X', icon: 'twitter' },
  'wordpress': { name: 'WordPress' },
};

/** What people call a service; undefined for one that is not offered here. */
export function serviceName(service: string): string | undefined {
  const found = facts.services.find((one) => one.service === service);
  if (found === undefined) return undefined;
  const built = Object.hasOwn(known, service) && !found.custom ? known[service] : undefined;
  return built?.name ?? (found.label === '' ? service : found.label);
}

/** The ways in that have a button. */
export function offered(): readonly Service[] {
  return facts.services.filter(({ shown }) => shown);
}

/** A button for each of them: it leads the browser there, and back to where the person wanted to go. */
export function Services() {
  const query = `?return=${encodeURIComponent(returnHere())}`;
  return (
    <ul class="services">
      {offered().map(({ service, label, custom }) => (
        <li key={service}>
          <a
            class="rcx-box rcx-box--full rcx-button rcx-button--secondary wide"
            href={pageAt(`/oauth/${encodeURIComponent(service)}${query}`)}
          >
            <span class="rcx-button--content">
              <Icon name={(custom ? undefined : known[service]?.icon) ?? 'login'} />
              {label === '' ? words.say('with', { service: serviceName(service) ?? service }) : label}
            </span>
          </a>
        </li>
      ))}
    </ul>
  );
}
