import type { SettingDefinition } from './definition.ts';

/** What the sign-in form shows. */
export const layoutSettings = {
  Accounts_ShowFormLogin: {
    kind: 'boolean',
    initial: true,
    group: 'Layout',
    section: 'Sign-in',
    public: true,
    about: 'Shows the form for username and password; programs can sign in either way.',
  },
  Accounts_EmailOrUsernamePlaceholder: {
    kind: 'text',
    initial: '',
    group: 'Layout',
    section: 'Sign-in',
    public: true,
    about: 'The hint in the field for the username; empty shows the usual one.',
  },
  Accounts_PasswordPlaceholder: {
    kind: 'text',
    initial: '',
    group: 'Layout',
    section: 'Sign-in',
    public: true,
    about: 'The hint in the field for the password; empty shows the usual one.',
  },
  Accounts_ConfirmPasswordPlaceholder: {
    kind: 'text',
    initial: '',
    group: 'Layout',
    section: 'Sign-in',
    public: true,
    about: 'The hint in the field where the password is typed once more; empty shows the usual one.',
  },
  Accounts_RegistrationForm_LinkReplacementText: {
    kind: 'text',
    initial: 'New user registration is currently disabled',
    group: 'Layout',
    section: 'Sign-in',
    public: true,
    about: 'What clients show in place of the link to registration.',
  },
} as const satisfies Record<string, SettingDefinition>;
