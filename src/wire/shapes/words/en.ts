/** The texts of the pages that need no script. What stands in braces is filled in. */
export const english = {
  goOn: 'Go on',
  signIn: 'Sign in',
  signOut: 'Sign out',
  verify: 'Verify',
  allow: 'Allow',
  tryAgain: 'This form was not sent by this page. Try again.',
  nothingHappened: 'This form was not sent by this page. Nothing has happened.',

  homeAbout:
    'This is Countersign, an authentication server. Programs sign people in here over Rocket.Chat’s REST and realtime interfaces.',
  homeScript:
    'Your account and the administration need a browser that runs JavaScript. Signing in and out, second factors and the links of mails work without.',
  homeInterface: 'The REST interface',
  homeOpenApi: 'The same as an OpenAPI document',
  homeVersion: 'The version of the interface',

  signInTitle: 'Sign in: {site}',
  signInRefusedTitle: 'Not signed in: {site}',
  signInTo: 'Sign in to {site}',
  username: 'Username or e-mail address',
  password: 'Password',
  otherWays: 'Other ways to sign in',
  signedIn: 'You are signed in',
  wrongCredentials: 'The name or the password is not right.',
  accountClosed: 'Your account is switched off, or waits for an administrator to approve it.',
  accountWithoutRoles: 'Your account has no role here. Ask your administrator.',
  emailUnverified: 'Your e-mail address is not verified yet. Follow the link in the mail that you were sent.',
  temporaryPasswordOver:
    'Your password had to be changed within a time that is over. Ask your administrator for a new one.',
  busy: 'The server has more to do than it can. Try again shortly.',
  unavailable: 'The server cannot look anything up now. Try again shortly.',
  directoryUnreachable: 'The directory did not answer as it should. Try again later.',
  tooMany: 'Too many sign-ins have failed. Try again in a while.',
  tooManyFor: 'Too many sign-ins have failed. Try again in {minutes}.',
  needsFactor:
    'Your account needs a second factor. Sign in with the application that you use every day, set one up there, and come back.',
  needsPassword:
    'Your password must be changed first. Sign in with the application that you use every day, choose a new password there, and come back.',

  signedInAs: 'You are signed in as {name}.',
  signOutTells: 'Applications that this browser is signed in to by your account here are told that you leave.',
  signedOut: 'You are signed out',
  signInAgain: 'Sign in again',

  factorTitle: 'One more step',
  factorTitleAgain: 'Not yet: One more step',
  factorByMail: 'A code was mailed to you. A backup code will do as well.',
  factorByApp: 'Your authenticator app shows the code. A backup code will do as well.',
  factorMailed: 'A fresh code was mailed to you. A backup code will do as well.',
  code: 'Code',
  codeWrong: 'The code is not right.',
  codeNone: 'That is no code.',
  codeLater: 'Too many wrong codes. Try again later.',
  mailFresh: 'Mail a fresh code',
  useMail: 'Use a code by e-mail',
  useApp: 'Use the code of the authenticator app',
  factorForClients:
    'The service has let you in, and your account here asks for a second factor. The client that has sent you here goes on by itself: it asks you for a code within five minutes. You can close this page.',
  factorForPrograms: 'A program ends the sign-in with what stands last in the address of this page:',

  resetTitle: 'Set a new password',
  resetNote: 'It signs you out everywhere. Second factors stay.',
  enrolTitle: 'Set your password',
  notSetYet: 'Not set yet: {title}',
  forAccount: 'For {name} on {site}.',
  forYourAccount: 'For your account on {site}.',
  newPassword: 'New password',
  newPasswordAgain: 'The new password again',
  notTheSame: 'The two passwords are not the same.',
  passwordSet: 'Your password is set',
  passwordSetNote: 'You can sign in with it now, and close this page.',
  ruleLeast: 'at least {count} characters',
  ruleMost: 'at most {count} characters',
  ruleWith: 'with {parts}',
  ruleRun: 'no character more than {count} times in a row',
  ruleCommon: 'no common password, and none of your names',
  partSmall: 'a small letter',
  partCapital: 'a capital',
  partDigit: 'a digit',
  partSpecial: 'a special character',
  tooShort: 'It is too short.',
  tooLong: 'It is too long.',
  repeats: 'It has one character too often in a row.',
  noSmall: 'It has no small letter.',
  noCapital: 'It has no capital.',
  noDigit: 'It has no digit.',
  noSpecial: 'It has no special character.',
  common: 'It is a common password: others have it, and it is guessed first.',
  namesOneself: 'It is a name of yours.',
  sameAsBefore: 'It is the password that you have now.',
  usedBefore: 'You have had this password before.',
  notAcceptable: 'It is not accepted here.',

  verifyTitle: 'Verify your e-mail address',
  verifyAccount:
    'Press the button to confirm that the mail from {site} has reached you, and that the account {name} is yours. If you did not make it, close this page: nothing happens then.',
  verifySomeAccount:
    'Press the button to confirm that the mail from {site} has reached you, and that an account is yours. If you did not make it, close this page: nothing happens then.',
  verified: 'Your e-mail address is verified',
  canClose: 'You can close this page.',
  deadTitle: 'This link is no longer good',
  deadText:
    'It was used, a newer one took its place, or its time is over. You can ask for a new one where you sign in; if that is switched off, ask your administrator.',

  linkTitle: 'A link that signs in once',
  linkText:
    'If the address of this page ends in {part}, what stands there signs you in a single time, within minutes. Nothing has been used up by opening the page. Hand the code to your client, or redeem it yourself:',
  linkAnswer: 'The answer holds {id} and {token}, which every client takes as a token to resume.',

  consentTitle: 'Let {application} in?',
  consentAll:
    '{application} wants to know who you are on {site}, and to act for you there with all your rights. It cannot change your password, your second factors or your tokens. You can take this back at any time.',
  consentSome:
    '{application} wants to know who you are on {site}, and to act for you there with some of your rights. It cannot change your password, your second factors or your tokens. You can take this back at any time.',
  consentNone:
    '{application} wants to know who you are on {site}, and to act for you there without any special right. It cannot change your password, your second factors or your tokens. You can take this back at any time.',
  somebodyElse: 'Somebody else?',
  sentToAfterwards: 'Afterwards you are sent to {place}.',
  doNotAllow: 'Do not allow',
  agreed: 'You have agreed',
  disagreed: 'You did not agree',
  staleTitle: 'Nothing was agreed',
  staleText:
    'The page was answered already, it is too old, or you have signed in again since. Go back to the service that sent you here, and begin again.',

  notSignedIn: 'You are not signed in',
  notSignedInText: 'You could not be signed in.',
  flowUnknown:
    'This sign-in was not begun in this browser, was used already, or took too long. Begin again where you wanted to sign in.',
  flowLate: 'This sign-in took too long. Begin again where you wanted to sign in.',
  flowIncomplete: 'This address is not complete. Begin again where you wanted to sign in.',
  providerOff: 'Nobody can sign in with a service of this name here.',
  providerRefused: 'The service did not let you in, or what it told was not accepted.',
  providerUnreachable: 'The service did not answer as it should. Try again later.',
  addressTaken:
    'There is an account with your e-mail address here. Sign in to it with its password and join the service to it there; where you have none, have a new one mailed to you.',
  usernameTaken: 'Somebody else has your username here. Ask your administrator.',
  externalClosed: 'People who have no account here get none in this way. Ask your administrator.',
  domainRefused: 'Addresses like yours may not sign in here.',
  almostTitle: 'Almost signed in',
  almostText: 'The application that you came from finishes it now. If it does not within a minute, begin again there.',

  applicationUnknown: 'The application is not known here',
  applicationUnknownText:
    'The service that sent you here is not registered, or it was switched off. Nothing was told to it.',
  addressUnknown: 'The address to go back to is not registered',
  addressUnknownText:
    'The service that sent you here wants you sent on to an address that it has not registered. You were not sent there, and nothing was told to it.',
  wentWrong: 'Something went wrong',
  wentWrongText: 'Go back to the service that sent you here, and begin again.',

  cannotGoOn: 'This cannot go on',
  invalidClient: 'The application that sent you here is not known here, or is switched off.',
  invalidRedirect: 'The application that sent you here wants you back at an address that is not its own.',
  invalidRequest:
    'The address that brought you here is not complete, or it is too old. Begin again at the application.',
  invalidOther: 'Something is wrong with the address that brought you here.',
  forAdministrator: 'For its administrator: {word}',
  anApplication: 'An application',
  asksToLeave:
    '{application} asks whether you want to sign out from {site}. The other applications that this browser is signed in to by your account here are told as well.',
  staySignedIn: 'Stay signed in',
  done: 'Done',
  backToApplication: 'Back to the application',
  knowTitle: 'Let an application know you',
  asksWho: '{application} asks who you are',
  asksFor: 'You are signed in to {site} as {name}. If you allow it, the application gets:',
  backTo: 'You go back to {place} then.',
  deny: 'Deny',
  scopeOpenid: 'that it is you, by a number that stays the same',
  scopeProfile: 'your name, your username and your picture',
  scopeEmail: 'your e-mail address',
  scopeRoles: 'which roles you have here',
  scopeOffline: 'all of this also while you are away, until you take it back',

  completed: 'Login completed',
  failed: 'Login failed',
  completedText: 'Login completed.',
  failedText: 'The login did not succeed.',
  closeWindow: 'Click here to close this window.',
  nothingTitle: 'Nothing to sign in with',
  nothingText: 'Begin again where you wanted to sign in. You can close this window.',
} as const satisfies Readonly<Record<string, string>>;

export type WordKey = keyof typeof english;

/** The same texts in another language: none may be missing. */
export type PlainWords = Readonly<Record<WordKey, string>>;
