import type { Translated } from '../language.ts';
import type { english } from './duties.en.ts';

const arabic: Translated<typeof english> = {
  passwordTitle: 'اختر كلمة مرور جديدة',
  passwordText: 'يجب تغيير كلمة مرورك قبل المتابعة.',
  passwordReason: 'السبب: {reason}',
  passwordSave: 'حفظ ومتابعة',
  usernameTitle: 'اختر اسم مستخدم',
  usernameText:
    'لقد أتيت من خدمة أخرى وليس لديك اسم مستخدم هنا بعد. يمكنك تسجيل الدخول به أيضًا، ويجدك الآخرون من خلاله.',
  factorTitle: 'إعداد عامل ثانٍ',
  factorText:
    'يحتاج حسابك إلى عامل ثانٍ قبل المتابعة: عندها لا تكفي كلمة مرورك وحدها لدخول أحد. اختر واحدًا، ويمكنك إضافة غيره لاحقًا.',
  app: 'تطبيق المصادقة',
  appText: 'يعرض تطبيق على هاتفك رمزًا تكتبه هنا.',
  passkey: 'مفتاح مرور',
  passkeyText: 'يطلب جهازك بصمتك أو وجهك أو رقمك السري.',
  email: 'رموز بالبريد الإلكتروني',
  emailText: 'يُرسل رمز إلى {address}.',
  none: 'لا شيء من ذلك؟ اسأل المسؤول لديك.',
};

export default arabic;
