export const english = {
  passwordTitle: 'Choose a new password',
  passwordText: 'Your password must be changed before you go on.',
  passwordReason: 'The reason: {reason}',
  passwordSave: 'Save and go on',
  usernameTitle: 'Choose a username',
  usernameText:
    'You came from another service, and have no username here yet. You can sign in with it as well, and others find you by it.',
  factorTitle: 'Set up a second factor',
  factorText:
    'Your account needs a second factor before you go on: then your password alone lets nobody in. Choose one; you can add others later.',
  app: 'Authenticator app',
  appText: 'An app on your phone shows a code that you type in.',
  passkey: 'Passkey',
  passkeyText: 'Your device asks for your finger, face or PIN.',
  email: 'Codes by e-mail',
  emailText: 'A code is mailed to {address}.',
  none: 'None of these? Ask your administrator.',
} as const;
