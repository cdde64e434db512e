### Список чатов, комнаты и их сообщения.

inbox-title = Чаты
inbox-empty-title = Комнат пока нет
inbox-empty = Предложите поездку или попросите место: её комната появится здесь.
inbox-find-trip = Посмотреть поездки
inbox-pick = Выберите комнату, чтобы читать и писать.
inbox-quiet = Сообщений пока нет
inbox-filter = Имя, место или номер
inbox-filter-hint = Фильтр
inbox-only-unread = Непрочитанные
inbox-all-read = Всё прочитано.
inbox-nothing = Такого нет ни в названиях, ни в местах, ни в именах.
inbox-search-messages = Искать в сообщениях
inbox-archived = Архив ({ $count })
inbox-booking = Бронь { $number }
inbox-draft = Черновик:
inbox-ended = Вы вышли из этой комнаты
inbox-favourite = Избранное
inbox-muted = Без звука
inbox-unread = { $count ->
    [one] { $count } непрочитанное сообщение
    [few] { $count } непрочитанных сообщения
   *[other] { $count } непрочитанных сообщений
}
inbox-unread-many = Непрочитанных сообщений: { $count } или больше
inbox-marked = Отмечено непрочитанным
inbox-line = { $name }: { $text }
inbox-line-mine = Вы: { $text }

row-menu = { $room }: что сделать
row-favourite = Добавить в избранное
row-unfavourite = Убрать из избранного
row-read = Отметить прочитанным
row-unread = Отметить непрочитанным
row-mute-hour = Без звука 1 час
row-mute-night = Без звука 8 часов
row-mute-always = Без звука всегда
row-unmute = Включить звук
row-archive = В архив
row-unarchive = Вернуть из архива

room-type-TRIP = Поездка
room-type-BOOKING = Бронь
room-type-DIRECT = Разговор
room-type-GROUP = Группа
room-type-CHANNEL = Канал
room-type-SUPPORT = Поддержка
room-people = { $count ->
    [one] { $count } человек
    [few] { $count } человека
   *[other] { $count } человек
}
room-here = { $count ->
    [one] { $count } в сети
   *[other] { $count } в сети
}
room-other = { $presence ->
    [online] { $name } · в сети
    [away] { $name } · нет на месте
   *[offline] { $name }
}
room-search = Искать в этой комнате
room-unknown = Комната
room-people-title = Люди
room-driver = Водитель
room-you = { $name } (вы)
room-empty-title = Здесь пока тихо
room-empty = Напишите первое сообщение: его увидят все в этой комнате.
room-read-only = В эту комнату больше нельзя писать. Написанное остаётся.
room-ended = Вы вышли из этой комнаты. Написанное до того остаётся.
messages-label = Сообщения
messages-older-reading = Загружаем более ранние…
messages-older-fetching = Получаем более ранние сообщения
messages-older-offline = Более ранние сообщения придут, когда вернётся связь
messages-newer-reading = Загружаем более новые…
messages-newer-fetching = Получаем более новые сообщения
messages-newer-offline = Более новые сообщения придут, когда вернётся связь
messages-divider = Новые
messages-new-many = 100 новых сообщений или больше
messages-beginning = Начало этой комнаты
messages-new = { $count ->
    [one] { $count } новое сообщение
    [few] { $count } новых сообщения
   *[other] { $count } новых сообщений
}
messages-to-end = К новым сообщениям

message-unknown = Для этого сообщения нужна более новая версия Tripchat.
message-deleted = Сообщение удалено
message-edited = изменено
message-waiting = Ждёт
message-waiting-note = Ждёт отправки
message-sent = Отправлено
message-delivered = Доставлено
message-read = Прочитано
message-failed = Не отправлено
change-waiting = Изменение ждёт отправки
change-delete-waiting = Удалится, когда будет связь
change-refused = Изменение не отправлено
change-delete-refused = Не удалено
message-label = { $name }, { $time }: { $text }
message-menu = Что сделать с этим сообщением
message-act-copy = Копировать
message-act-retry = Повторить
message-act-edit = Изменить
message-act-info = Кто прочитал
message-act-delete = Удалить
message-act-discard = Отбросить изменение
delete-title = Удалить это сообщение?
delete-text = Оно исчезнет для всех в комнате, и вернуть его нельзя.
reach-title = Прочитали { $read } из { $of }
reach-read = Прочитано
reach-delivered = Доставлено
reach-waiting = Ещё не дошло
typing-one = { $name } пишет…
typing-two = { $one } и { $two } пишут…
typing-many = { $count } чел. пишут…

composer-label = Сообщение
composer-placeholder = Напишите сообщение
composer-placeholder-offline = Нет сети: отправится, когда вернётся связь
composer-send = Отправить
composer-save = Сохранить изменение
composer-editing = Изменение сообщения
composer-left = { $count ->
    [one] Остался { $count } символ
    [few] Осталось { $count } символа
   *[other] Осталось { $count } символов
}
composer-over = { $count ->
    [one] Лишний { $count } символ
    [few] Лишние { $count } символа
   *[other] Лишние { $count } символов
}

search-title = Поиск сообщений
search-hint = Слова
search-in = Искать: { $room }
search-empty = Напишите слово: ищем в сообщениях всех комнат, и без сети тоже.
search-empty-room = Напишите слово: ищем в сообщениях этой комнаты, и без сети тоже.
search-nothing-title = Ничего не найдено
search-nothing = Попробуйте меньше слов или начало слова.
search-found = { $count ->
    [one] Найдено { $count } сообщение
    [few] Найдено { $count } сообщения
   *[other] Найдено { $count } сообщений
}
search-you = Вы
