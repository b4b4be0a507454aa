import { builtInShape } from './built-in-shape.ts';
import type { ProviderKind } from './kind.ts';
import { shapedProvider } from './shaped-provider.ts';

/** Dolphin (providers.md §2.3). */
export const dolphin: ProviderKind = (parts) => {
  const { settings } = parts;
  const shape = builtInShape(settings, 'Dolphin', {
    label: 'Dolphin',
    scope: 'basic',
    base: settings.get('Accounts_OAuth_Dolphin_URL'),
    authorize: '/m/oauth2/auth/',
    token: '/m/oauth2/token/',
    identity: '/m/oauth2/api/me/',
  });
  if (shape === undefined) return undefined;
  const label = settings.get('Accounts_OAuth_Dolphin_button_label_text');
  return shapedProvider(parts, {
    ...shape,
    label: label.trim() === '' ? shape.label : label.trim(),
    published: {
      ...shape.published,
      loginStyle: settings.get('Accounts_OAuth_Dolphin_login_style'),
      buttonLabelText: label,
      buttonLabelColor: settings.get('Accounts_OAuth_Dolphin_button_label_color'),
      buttonColor: settings.get('Accounts_OAuth_Dolphin_button_color'),
    },
    fields: { ...shape.fields, username: 'NickName' },
  });
};
