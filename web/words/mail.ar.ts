import type { Translated } from '../language.ts';
import type { english } from './mail.en.ts';

const arabic: Translated<typeof english> = {
  noServer: 'لم يُحدَّد خادم بريد',
  noServerAbout:
    'تبقى الرسائل هنا ولا تصل إلى أحد. أدخل خادم بريدك في الإعدادات أو شغّل الخادم مع MAIL_URL، ثم أعد إرسال ما حُفظ.',
  setServer: 'تحديد خادم البريد',
  outbox: 'البريد الصادر',
  outboxAbout: 'ما أُرسل بلا نصوصه: فالروابط فيها تسجّل الدخول.',
  none: 'لم تُكتب أي رسالة بعد.',
  noneSuch: 'لا توجد رسالة كهذه.',
  listed: 'عرض',
  all: 'الكل',
  waiting: 'تنتظر',
  failed: 'فشلت',
  kept: 'محفوظة',
  sent: 'أُرسلت',
  keptAbout: 'تبقى هنا ولا تُرسل.',
  to: 'إلى',
  state: 'الحالة',
  tries: 'المحاولات',
  at: 'كُتبت',
  nextTry: 'المحاولة التالية',
  act: 'الإجراء',
  retry: 'إعادة الإرسال',
  retryOne: 'إعادة الإرسال إلى {to}',
  retried: 'الرسالة بانتظار الإرسال.',
  removeOne: 'إزالة الرسالة إلى {to}',
  removeTitle: 'إزالة هذه الرسالة؟',
  removeIt: 'إزالة الرسالة',
  removeAbout: 'ستُنسى «{subject}» إلى {to} ولن تُرسل. من يحتاجها عليه طلب أخرى.',
  removeSent: 'أُرسلت «{subject}» إلى {to}. يُزال سطرها هنا فقط.',
  removed: 'أُزيلت الرسالة.',
  test: 'بريد تجريبي',
  testAbout: 'يرسل رسالة قصيرة حالًا ويعرض ما قاله خادم البريد.',
  testTo: 'العنوان',
  testSend: 'إرسال بريد تجريبي',
  testSent: 'قبل خادم البريد الرسالة إلى {to}. تحقق من وصولها، وفي البريد المزعج أيضًا.',
  testRefused: 'لم تُقبل الرسالة: {reason}',
  noAddress: 'هذا ليس عنوان بريد. مثاله ada@example.com.',
};

export default arabic;
