### Кіру және өзі туралы бет.

sign-in = Кіру
register = Тіркелгі жасау
sign-in-or-register = Кіріңіз немесе тіркелгі жасаңыз
field-name = Есім
field-name-hint = Оны сапар бөлмесіндегілер көреді.
field-email = Электрондық пошта
field-password = Құпиясөз
field-password-hint = Кемінде 8 таңба
field-server = Сервер
field-required = Осы өрісті толтырыңыз.
field-password-short = Құпиясөзде кемінде 8 таңба болуы керек.
field-password-long = Ең көбі 128 таңба.
field-password-common = Бұл құпиясөзді табу оңай. Басқасын таңдаңыз.
field-password-personal = Ол атыңыздан немесе поштаңыздан құралған. Басқасын таңдаңыз.
password-show = Құпиясөзді көрсету
password-hide = Құпиясөзді жасыру
no-keyring = Бұл жүйеде кілттер қоймасы жоқ: қолданба келесі ашылғанда қайта кіру керек болады.
signed-out-because = Сіз тіркелгіден шықтыңыз.

me-title = Мен
me-settings = Баптаулар
me-language = Тіл
me-theme = Безендіру
same-as-system = Жүйедегідей
theme-light = Ашық
theme-dark = Қараңғы
me-notices = Хабарландырулар
notices-shown = Мәтінмен
notices-hidden = Мәтінсіз
me-close = Терезе жабылғанда
close-tray = Трейде қалу
close-quit = Шығу
connection-signed_out = Кірмегенсіз
connection-connecting = Қосылуда…
connection-syncing = Жаңасы алынуда…
connection-online = Байланыста
connection-app_too_old = Бұл қолданба тым ескі

sign-out = Тіркелгіден шығу
sign-out-unsent-title = { $count ->
    [one] { $count } хабарлама әлі жіберілмеді
   *[other] { $count } хабарлама әлі жіберілмеді
}
sign-out-unsent = { $count ->
    [one] Қазір шықсаңыз, ол осы құрылғыдан жойылады.
   *[other] Қазір шықсаңыз, олар осы құрылғыдан жойылады.
}
sign-out-anyway = Жойып, шығу
stay = Қалу

me-availability = Басқалар сізді қалай көреді
availability-online = Әдеттегідей
availability-away = Орнында жоқ
availability-invisible = Көрінбейтін

me-account = Тіркелгі
me-desktop = Осы компьютер
needs-network = Бұл үшін желі керек. Желі пайда болғанда жұмыс істейді.

sign-ins-title = Құрылғылар мен кірулер
sign-ins-note = Қай жерлерде кіргеніңіз. Біреуін танымасаңыз, оны аяқтап, құпиясөзді өзгертіңіз.
sign-in-on = { $app }, { $system }
sign-in-app-browser = Браузер
sign-in-app-unknown = Атаусыз қолданба
sign-in-here = Осы құрылғы
sign-in-used = { $when ->
    [today] Соңғы рет: бүгін { $time }
    [yesterday] Соңғы рет: кеше { $time }
   *[other] Соңғы рет: { $day }, { $time }
}
sign-in-made = Кірген күні: { $day }
sign-in-made-with = Кірген күні: { $day }, нұсқасы { $version }
sign-in-end = Аяқтау
sign-in-end-label = Кіруді аяқтау: { $app }
sign-in-end-title = { $app }: осы кіруді аяқтау керек пе?
sign-in-end-text = Ол жақта бірден тіркелгіден шығады, жаңа ештеңе келмейді. Құрылғыда сақталып қалғаны сонда қалады.
sign-ins-alone = Басқа құрылғыларда кірмегенсіз.
sign-ins-end-others = Қалған жердің бәрінен шығу
sign-ins-end-others-title = Қалған құрылғылардың бәрінен шығу керек пе?
sign-ins-end-others-text = { $count ->
    [one] { $count } кіру бірден аяқталады. Осы жерде қаласыз.
   *[other] { $count } кіру бірден аяқталады. Осы жерде қаласыз.
}

password-change = Құпиясөзді өзгерту
password-current = Қазіргі құпиясөз
password-new = Жаңа құпиясөз
password-again = Жаңа құпиясөз тағы бір рет
password-note = Өзгерткенде басқа құрылғылардың бәрінен шығасыз.
password-wrong = Бұл сіздің қазіргі құпиясөзіңіз емес.
password-differs = Бұл жоғарыдағымен бірдей емес.
password-done = Құпиясөз өзгертілді. Басқа құрылғылардың бәрінен шықтыңыз.
password-no-answer = Серверден жауап келмеді; жазғаныңыз осында тұр. Қайталап көріңіз. Сонда қазіргі құпиясөз қабылданбаса, жаңасы күшіне еніп қойған.

profile-title = Профильді өзгерту
profile-username = Пайдаланушы аты
profile-username-hint = Міндетті емес: басқалар сізді табатын қысқа ат.
profile-business = Компания атауы
profile-business-hint = Міндетті емес: басқалар есіміңіздің орнына осыны көреді.
profile-locale-hint = Сервер сізге осы тілде жазады. Қолданбаның тілі баптауларда таңдалады.
profile-locale-none = Таңдалмаған
profile-save = Сақтау
profile-wrong-name = Мұндай есім жарамайды. Қысқартыңыз немесе тек мәтін қалдырыңыз.
profile-wrong-username = Пайдаланушы атында a-дан z-ке дейінгі 3–30 әріп, цифр және астыңғы сызық болады.
profile-wrong-locale = Сервер бұл тілді білмейді.

forgotten-title = Құпиясөзді ұмыттыңыз ба?
forgotten-note = Серверді жүргізетін адамнан код сұраңыз. Сонымен осында басқа құпиясөз таңдайсыз.
forgotten-code = Код
forgotten-act = Құпиясөз орнату
forgotten-no-server = Бұл мекенжайда Tripchat сервері жоқ.
forgotten-done = Құпиясөз орнатылды, барлық жерде тіркелгіден шықтыңыз. Енді сонымен кіріңіз.
forgotten-no-answer = Серверден жауап келмеді; жазғаныңыз осында тұр. Мекенжай мен желіні тексеріңіз. Кейін код қабылданбаса, кіріп көріңіз: жаңа құпиясөз күшіне еніп қойған болуы мүмкін.

export-act = Деректерімді жүктеп алу
export-busy = Деректеріңіз жиналуда…
export-done = Серверде сіз туралы бардың бәрі жүктемелерге сақталды: { $file }.

farewell-title = Тіркелгімді жою
farewell-goes = Есіміңіз, поштаңыз бен барлық кірулеріңіз жойылады, осы құрылғыдағы Tripchat деректерінің бәрі де, әлі жіберілмегені де жойылады.
farewell-rides = Әлі басталмаған сапарларыңыз бен брондарыңыз күші жойылады.
farewell-stays = Сіз жазған жерде басқалар бірдеңе жойылғанын көреді, мәтіні де, есіміңіз де болмайды.
farewell-final = Мұны қайтаруға болмайды.
farewell-act = Біржола жою
farewell-wrong = Бұл сіздің құпиясөзіңіз емес.
farewell-no-answer = Серверден жауап келмеді. Желі пайда болғанда қайталап көріңіз: тіркелгіңіз жойылып қойған болуы мүмкін.
farewell-done = Тіркелгіңіз жойылды.
