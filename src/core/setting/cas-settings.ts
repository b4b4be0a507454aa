import type { SettingDefinition } from './definition.ts';

const login = { group: 'CAS', section: 'CAS_Login_Layout' } as const;

/** People from a CAS server, by Rocket.Chat's ids (providers.md §6). */
export const casSettings = {
  CAS_enabled: {
    kind: 'boolean',
    initial: false,
    group: 'CAS',
    public: true,
    about: 'People sign in by way of a CAS server; its two addresses have to be set as well.',
  },
  CAS_base_url: {
    kind: 'text',
    initial: '',
    group: 'CAS',
    public: true,
    about: 'Where we ask whose a ticket is, without the last part: `https://cas.example.org/cas`.',
  },
  CAS_login_url: {
    kind: 'text',
    initial: '',
    group: 'CAS',
    public: true,
    about: 'Where browsers are sent to sign in: `https://cas.example.org/cas/login`.',
  },
  CAS_version: {
    kind: 'choice',
    initial: '1.0',
    choices: ['1.0', '2.0', '3.0'],
    group: 'CAS',
    about: 'The version of the protocol; attributes come with 2.0 and 3.0 only.',
  },
  CAS_trust_username: {
    kind: 'boolean',
    initial: false,
    group: 'CAS',
    section: 'CAS_Handling_Existing_Users',
    public: true,
    about: 'Whoever is called like an account here is the person of that account.',
  },
  CAS_Creation_User_Enabled: {
    kind: 'boolean',
    initial: true,
    group: 'CAS',
    section: 'CAS_Handling_Existing_Users',
    about: 'People whom nobody knows here get an account.',
  },
  CAS_Sync_User_Data_Enabled: {
    kind: 'boolean',
    initial: true,
    group: 'CAS',
    section: 'CAS_Attribute_Handling',
    about: 'Each sign-in writes what the field map tells.',
  },
  CAS_Sync_User_Data_FieldMap: {
    kind: 'text',
    initial: '{}',
    multiline: true,
    form: 'json',
    group: 'CAS',
    section: 'CAS_Attribute_Handling',
    about: 'What becomes `email`, `name` and `username`, with `%attribute%` for the value of an attribute.',
  },
  CAS_popup_width: {
    ...login,
    kind: 'integer',
    initial: 810,
    least: 1,
    public: true,
    about: 'How wide clients open the window.',
  },
  CAS_popup_height: {
    ...login,
    kind: 'integer',
    initial: 610,
    least: 1,
    public: true,
    about: 'How high clients open the window.',
  },
  CAS_button_label_text: { ...login, kind: 'text', initial: 'CAS', about: 'How the button of clients reads.' },
  CAS_button_label_color: {
    ...login,
    kind: 'text',
    initial: '#FFFFFF',
    about: 'The colour of the text of the button.',
  },
  CAS_button_color: { ...login, kind: 'text', initial: '#1d74f5', about: 'The colour of the button.' },
  CAS_autoclose: {
    ...login,
    kind: 'boolean',
    initial: true,
    about: 'Clients close the window themselves when it has come back.',
  },
  Countersign_CAS_Second_Factor: {
    kind: 'boolean',
    initial: false,
    group: 'CAS',
    about: 'People who come by CAS are asked for their second factor; in Rocket.Chat they are not.',
  },
  Countersign_CAS_Plain_HTTP: {
    kind: 'boolean',
    initial: false,
    group: 'CAS',
    about: 'The CAS server may be asked over plain HTTP, where whoever is on the way can sign in as anybody.',
  },
} as const satisfies Record<string, SettingDefinition>;
