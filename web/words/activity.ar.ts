import type { Translated } from '../language.ts';
import type { english } from './activity.en.ts';

const arabic: Translated<typeof english> = {
  title: 'عمليات الدخول والمحاولات',
  about: 'آخر 50 عملية دخول إلى حسابك، والمحاولات التي رُفضت.',
  when: 'الوقت',
  outcome: 'النتيجة',
  how: 'الطريقة',
  address: 'العنوان',
  done: 'تم الدخول',
  confirmed: 'تم التأكيد',
  refused: 'مرفوض',
  byPassword: 'بكلمة المرور',
  byPasskey: 'بمفتاح مرور',
  byProvider: 'عبر {name}',
  confirmation: 'عامل ثانٍ لإجراء تغيير',
  withFactor: 'العامل الثاني: {factor}',
  wrongCredentials: 'كانت كلمة المرور خاطئة.',
  factorWrong: 'كان العامل الثاني خاطئًا.',
  blocked: 'فشلت محاولات كثيرة: كان الدخول محظورًا لبعض الوقت.',
  closed: 'الحساب معطّل.',
  factorMissing: 'لم يُقدَّم عامل ثانٍ.',
  providerRefused: 'لم تسمح الخدمة بالدخول.',
  passkeyRefused: 'لم يُقبل مفتاح المرور.',
  otherReason: 'رفض الخادم: {code}.',
  notMe: 'ألم تكن أنت في إحداها؟',
  notMeText: 'اختر كلمة مرور جديدة، وسجّل خروج الجلسات التي لا تعرفها، وأعدّ عاملًا ثانيًا.',
  emptyTitle: 'لا توجد عمليات دخول مسجلة.',
  emptyText: 'يحتفظ بها الخادم لبعض الوقت فقط.',
};

export default arabic;
