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
