export const english = {
  title: 'Password',
  about:
    'Every other session of yours ends when you change it; this one stays. You are asked for your second factor, or for your current password if you have none.',
  aboutFirst: 'Your account has no password yet. With one you can sign in here without the service that you use now.',
  fixed: 'Your administrator does not let people change their password here.',
  elsewhere:
    'You sign in by another service, and your administrator does not let people set a password of their own beside it.',
  directory:
    'Your password is the one of your organisation’s directory. Change it there, for example where you sign in to your computer; here the new one holds at once.',
  directoryToo: 'This does not change the password that you have in your organisation’s directory.',
  current: 'Current password',
  currentWrong: 'This is not your current password. Try again.',
  tokens: 'Revoke my personal access tokens as well',
  tokensHint: 'Without this they go on working. Tick it if somebody else may know your password.',
  tokensFailed:
    'The password is changed, but the personal access tokens are still there. Revoke them under “Personal access tokens”.',
  change: 'Change the password',
  setFirst: 'Set a password',
  done: 'The password is changed. Your other sessions have ended.',
} as const;
