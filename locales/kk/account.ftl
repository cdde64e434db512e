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
