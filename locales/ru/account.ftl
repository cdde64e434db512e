### Вход и страница о себе.

sign-in = Войти
register = Создать учётную запись
sign-in-or-register = Войдите или создайте учётную запись
field-name = Имя
field-name-hint = Его видят в комнате поездки.
field-email = Электронная почта
field-password = Пароль
field-password-hint = Не меньше 8 символов
field-server = Сервер
field-required = Заполните это поле.
field-password-short = В пароле должно быть не меньше 8 символов.
field-password-long = Не больше 128 символов.
field-password-common = Этот пароль легко угадать. Выберите другой.
field-password-personal = Он составлен из вашего имени или почты. Выберите другой.
password-show = Показать пароль
password-hide = Скрыть пароль
no-keyring = В этой системе нет связки ключей: при следующем запуске нужно будет войти снова.
signed-out-because = Вы вышли из учётной записи.

me-title = Я
me-settings = Настройки
me-language = Язык
me-theme = Тема
same-as-system = Как в системе
theme-light = Светлая
theme-dark = Тёмная
me-notices = Уведомления
notices-shown = С текстом
notices-hidden = Без текста
me-close = Когда окно закрывается
close-tray = Остаться в трее
close-quit = Выйти
connection-signed_out = Вход не выполнен
connection-connecting = Подключение…
connection-syncing = Получаем новое…
connection-online = На связи
connection-app_too_old = Это приложение устарело

sign-out = Выйти из учётной записи
sign-out-unsent-title = { $count ->
    [one] { $count } сообщение ещё не отправлено
    [few] { $count } сообщения ещё не отправлены
   *[other] { $count } сообщений ещё не отправлены
}
sign-out-unsent = { $count ->
    [one] Если выйти сейчас, оно удалится с этого устройства.
   *[other] Если выйти сейчас, они удалятся с этого устройства.
}
sign-out-anyway = Удалить и выйти
stay = Остаться

me-availability = Каким вас видят другие
availability-online = Обычно
availability-away = Нет на месте
availability-invisible = Невидимка

me-account = Учётная запись
me-desktop = Этот компьютер
needs-network = Для этого нужна сеть. Всё заработает, когда она появится.

sign-ins-title = Устройства и входы
sign-ins-note = Где выполнен вход. Если какой-то из них вам не знаком, завершите его и смените пароль.
sign-in-on = { $app }, { $system }
sign-in-app-browser = Браузер
sign-in-app-unknown = Приложение без названия
sign-in-here = Это устройство
sign-in-used = { $when ->
    [today] Последний раз: сегодня в { $time }
    [yesterday] Последний раз: вчера в { $time }
   *[other] Последний раз: { $day }, { $time }
}
sign-in-made = Вход: { $day }
sign-in-made-with = Вход: { $day }, версия { $version }
sign-in-end = Завершить
sign-in-end-label = Завершить вход: { $app }
sign-in-end-title = { $app }: завершить этот вход?
sign-in-end-text = Там сразу будет выполнен выход, и нового туда больше не придёт. То, что уже сохранено на устройстве, останется на нём.
sign-ins-alone = На других устройствах вход не выполнен.
sign-ins-end-others = Выйти на всех остальных
sign-ins-end-others-title = Выйти на всех остальных устройствах?
sign-ins-end-others-text = { $count ->
    [one] Сразу завершится { $count } вход. Здесь вы останетесь.
    [few] Сразу завершатся { $count } входа. Здесь вы останетесь.
   *[other] Сразу завершатся { $count } входов. Здесь вы останетесь.
}

password-change = Сменить пароль
password-current = Текущий пароль
password-new = Новый пароль
password-again = Новый пароль ещё раз
password-note = После смены вы выйдете на всех остальных устройствах.
password-wrong = Это не ваш текущий пароль.
password-differs = Это не то же самое, что выше.
password-done = Пароль сменён. На всех остальных устройствах выполнен выход.
password-no-answer = Сервер не ответил; введённое осталось здесь. Попробуйте ещё раз. Если текущий пароль теперь не подходит, значит, уже действует новый.

profile-title = Изменить профиль
profile-username = Имя пользователя
profile-username-hint = Необязательно: короткое имя, по которому вас находят другие.
profile-business = Название компании
profile-business-hint = Необязательно: другие видят его вместо вашего имени.
profile-locale-hint = На нём вам пишет сервер. Язык самого приложения выбирается в настройках.
profile-locale-none = Не выбран
profile-save = Сохранить
profile-wrong-name = Такое имя не подходит. Сделайте его короче и оставьте только текст.
profile-wrong-username = В имени пользователя от 3 до 30 букв от a до z, цифр и подчёркиваний.
profile-wrong-locale = Сервер не знает этого языка.

forgotten-title = Забыли пароль?
forgotten-note = Попросите код у того, кто ведёт сервер. С ним вы выберете здесь другой пароль.
forgotten-code = Код
forgotten-act = Задать пароль
forgotten-no-server = По этому адресу нет сервера Tripchat.
forgotten-done = Пароль задан, на всех устройствах выполнен выход. Теперь войдите с ним.
forgotten-no-answer = Сервер не ответил; введённое осталось здесь. Проверьте адрес и сеть. Если код потом не подойдёт, попробуйте войти: новый пароль, возможно, уже действует.

export-act = Скачать мои данные
export-busy = Собираем ваши данные…
export-done = Всё, что сервер о вас знает, сохранено в загрузках: { $file }.

farewell-title = Удалить мою учётную запись
farewell-goes = Удаляются ваше имя, почта и все входы, а также всё из Tripchat на этом устройстве, даже неотправленное.
farewell-rides = Ваши поездки и бронирования, которые ещё не начались, отменяются.
farewell-stays = Там, где вы писали, другие увидят, что что-то удалено, но без текста и без вашего имени.
farewell-final = Вернуть это нельзя.
farewell-act = Удалить навсегда
farewell-wrong = Это не ваш пароль.
farewell-no-answer = Сервер не ответил. Попробуйте ещё раз, когда появится сеть: возможно, учётная запись уже удалена.
farewell-done = Ваша учётная запись удалена.
