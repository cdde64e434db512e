### Каркас приложения: разделы, связь и состояния, общие для всех экранов.

app-name = Tripchat
app-promise = Водитель и пассажиры в одной комнате — от брони до последней остановки.
nav-label = Разделы
nav-inbox = Чаты
nav-trips = Поездки
nav-me = Я

back = Назад
cancel = Отмена
close = Закрыть
clear = Очистить
keep-it = Оставить
try-again = Повторить
loading = Загрузка…

banner-reconnecting = Восстанавливаем связь…
banner-works-on = Что вы напишете сейчас, уйдёт, когда связь вернётся.

broken-title = Tripchat не может открыть свои данные
broken-code = Код { $code }

day-today = Сегодня
day-yesterday = Вчера

person-gone = Удалённая учётная запись

presence-online = В сети
presence-away = Нет на месте
presence-offline = Не в сети

keys-title = Клавиши
key-switch = Искать во всех комнатах
key-find = Искать в этой комнате
key-rooms = Комната выше или ниже
key-edit = Изменить своё последнее сообщение, из пустого поля
key-send = Отправить
key-break = Новая строка
key-messages = К сообщениям; дальше ↑ ↓ и Enter — что можно сделать
key-back = Назад
key-quit = Выйти
key-help = Эти клавиши
