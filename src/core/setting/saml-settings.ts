import type { SettingDefinition } from './definition.ts';

const section = { group: 'SAML', section: 'SAML_Section_1_User_Interface' } as const;
const connection = { group: 'SAML', section: 'SAML_Connection' } as const;
const certificates = { group: 'SAML', section: 'SAML_Section_2_Certificate' } as const;
const behaviour = { group: 'SAML', section: 'SAML_Section_3_Behavior' } as const;
const mapping = { group: 'SAML', section: 'SAML_Section_5_Mapping' } as const;
const request = { group: 'SAML', section: 'SAML_Section_6_Advanced' } as const;

/** People from a SAML identity provider, by Rocket.Chat's ids (providers.md §5.2). */
export const samlSettings = {
  SAML_Custom_Default: {
    ...connection,
    kind: 'boolean',
    initial: false,
    about: 'People sign in by way of a SAML identity provider; a certificate of it has to be set as well.',
  },
  SAML_Custom_Default_provider: {
    ...connection,
    kind: 'text',
    initial: 'provider-name',
    public: true,
    about: 'The name of the provider in addresses: letters, digits, `-`, `_` and `.`.',
  },
  SAML_Custom_Default_entry_point: {
    ...connection,
    kind: 'text',
    initial: 'https://example.com/simplesaml/saml2/idp/SSOService.php',
    form: 'url',
    about: 'Where the identity provider takes requests to sign in (redirect binding).',
  },
  SAML_Custom_Default_idp_slo_redirect_url: {
    ...connection,
    kind: 'text',
    initial: 'https://example.com/simplesaml/saml2/idp/SingleLogoutService.php',
    public: true,
    about:
      'Where the identity provider takes requests to sign out (redirect binding); empty, or the example, for nowhere.',
  },
  SAML_Custom_Default_idp_entity_id: {
    ...connection,
    kind: 'text',
    initial: '',
    about: 'What the identity provider calls itself: whatever another one has issued is refused. Empty for any name.',
  },
  SAML_Custom_Default_issuer: {
    ...connection,
    kind: 'text',
    initial: 'https://your-rocket-chat/_saml/metadata/provider-name',
    about:
      'What we call ourselves at the identity provider: our entity id. The example stands for the address of our metadata.',
  },
  SAML_Custom_Default_audience: {
    ...connection,
    kind: 'text',
    initial: '',
    about: 'For whom assertions must be meant; empty for our entity id.',
  },
  SAML_Custom_Default_cert: {
    ...certificates,
    kind: 'text',
    initial: '',
    multiline: true,
    about: 'Certificates of the identity provider, as PEM or as plain base64: only what they sign is believed.',
  },
  SAML_Custom_Default_public_cert: {
    ...certificates,
    kind: 'text',
    initial: '',
    multiline: true,
    about: 'Our own certificate, for the metadata: the identity provider checks and encrypts with it.',
  },
  SAML_Custom_Default_private_key: {
    ...certificates,
    kind: 'text',
    initial: '',
    multiline: true,
    secret: true,
    about: 'Our own key, as PEM: signs what we send, and opens assertions that come encrypted.',
  },
  SAML_Custom_Default_signature_validation_type: {
    ...certificates,
    kind: 'choice',
    initial: 'All',
    choices: ['Response', 'Assertion', 'Either', 'All'],
    about: 'What must be signed. Whatever it says, only what a signature covers is read.',
  },
  SAML_Custom_Default_signature_algorithm: {
    ...certificates,
    kind: 'choice',
    initial: 'SHA256',
    choices: ['SHA1', 'SHA256', 'SHA384', 'SHA512'],
    about: 'The hash with which we sign. Signatures that come with SHA-1 are believed only where it is SHA1.',
  },
  SAML_Custom_Default_button_label_text: {
    ...section,
    kind: 'text',
    initial: 'SAML',
    about: 'How the button of clients reads.',
  },
  SAML_Custom_Default_button_label_color: {
    ...section,
    kind: 'text',
    initial: '#FFFFFF',
    about: 'The colour of the text of the button.',
  },
  SAML_Custom_Default_button_color: {
    ...section,
    kind: 'text',
    initial: '#1d74f5',
    about: 'The colour of the button.',
  },
  SAML_Custom_Default_allow_idp_initiated: {
    ...behaviour,
    kind: 'boolean',
    initial: false,
    about: 'The identity provider may send people whom nobody here sent there.',
  },
  SAML_Custom_Default_allowed_clock_drift: {
    ...behaviour,
    kind: 'integer',
    initial: 0,
    least: 0,
    most: 300_000,
    about: 'So many milliseconds may the clock of the identity provider differ from ours.',
  },
  SAML_Custom_Default_logout_behaviour: {
    ...behaviour,
    kind: 'choice',
    initial: 'SAML',
    choices: ['SAML', 'Local'],
    public: true,
    about: 'Whether signing out here signs out at the identity provider as well.',
  },
  SAML_Custom_Default_immutable_property: {
    ...mapping,
    kind: 'choice',
    initial: 'EMail',
    choices: ['EMail', 'Username'],
    about: 'By what the same person is known, where the provider has no name for them that lasts.',
  },
  SAML_Custom_Default_user_data_fieldmap: {
    ...mapping,
    kind: 'text',
    initial: '{"username":"username", "email":"email", "name": "cn"}',
    multiline: true,
    form: 'json',
    about: 'Which attributes become the username, the address and the name; `__identifier__` names one that lasts.',
  },
  SAML_Custom_Default_generate_username: {
    ...mapping,
    kind: 'boolean',
    initial: false,
    about: 'A new person of whom no username is told gets one that is made of the name.',
  },
  SAML_Custom_Default_username_normalize: {
    ...mapping,
    kind: 'choice',
    initial: 'None',
    choices: ['None', 'Lowercase'],
    about: 'What is done to a username that is told.',
  },
  SAML_Custom_Default_name_overwrite: {
    ...mapping,
    kind: 'boolean',
    initial: false,
    about: 'Each sign-in writes the name that is told.',
  },
  SAML_Custom_Default_mail_overwrite: {
    ...mapping,
    kind: 'boolean',
    initial: false,
    about: 'Each sign-in writes the address that is told.',
  },
  SAML_Custom_Default_default_user_role: {
    ...mapping,
    kind: 'text',
    initial: 'user',
    about: 'Roles of a new person, separated by commas, where no attribute tells any.',
  },
  SAML_Custom_Default_role_attribute_name: {
    ...mapping,
    kind: 'text',
    initial: '',
    about: 'The attribute that lists roles; empty for none.',
  },
  SAML_Custom_Default_role_attribute_sync: {
    ...mapping,
    kind: 'boolean',
    initial: false,
    about: 'Each sign-in gives the roles of that attribute and takes all others.',
  },
  SAML_Custom_Default_identifier_format: {
    ...request,
    kind: 'text',
    initial: 'urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress',
    about: 'The form of name that we ask for; empty leaves it to the identity provider.',
  },
  SAML_Custom_Default_custom_authn_context: {
    ...request,
    kind: 'text',
    initial: '',
    about: 'How people must prove who they are there (a class of authentication context); empty for any way.',
  },
  SAML_Custom_Default_authn_context_comparison: {
    ...request,
    kind: 'choice',
    initial: 'exact',
    choices: ['better', 'exact', 'maximum', 'minimum'],
    about: 'How their way is compared with that one.',
  },
} as const satisfies Record<string, SettingDefinition>;
