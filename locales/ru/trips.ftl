### Поездки, брони и форма новой поездки.

trips-title = Поездки
trips-new = Новая поездка
trips-empty-title = Поездок пока нет
trips-empty = Предложите первую: люди просят место, вы подтверждаете, и вы говорите в её комнате.
trips-pick = Выберите поездку, чтобы увидеть остановки, места и цену.

trips-view = Что показано
trips-view-find = Найти
trips-view-bookings = Мои брони
find-from = Откуда
find-to = Куда
find-day = День
find-act = Искать
find-all = Показать все
find-found = { $count ->
    [one] Найдена { $count } поездка
    [few] Найдены { $count } поездки
   *[other] Найдено { $count } поездок
}
find-nothing-title = Поездок не найдено
find-nothing = Попробуйте начало названия места или другой день.
bookings-empty-title = Броней пока нет
bookings-empty = Найдите поездку и попросите место: ваша бронь появится здесь.

route = { $from } → { $to }
trip-status = { $status ->
    [boarding] Посадка
    [under_way] В пути
    [arrived] Прибыла
    [closed] Завершена
    [cancelled] Отменена
   *[planned] Запланирована
}
trip-you-drive = Вы за рулём
trip-you-ride = Вы едете
trip-stops = Остановки
trip-duration = { $hours } ч { $minutes } мин
trip-duration-hours = { $hours } ч
trip-duration-minutes = { $minutes } мин
trip-driver = Водитель
trip-vehicle = Машина
trip-price = Цена места
trip-luggage = Багаж
trip-seats = Места
trip-seats-free = { $count ->
    [0] Мест нет
    [one] { $count } место свободно
    [few] { $count } места свободны
   *[other] { $count } мест свободно
}
trip-seats-of = свободно { $free } из { $all }
trip-open-room = Открыть комнату
trip-facts = О поездке
trip-again = Предложить снова

share-act = Поделиться
share-title = Пригласить в поездку
share-text = У кого есть Tripchat, откроет { $trip } по этой ссылке или коду и сможет попросить место.
share-code = QR-код поездки { $trip }
share-copy = Скопировать ссылку
share-copied = Скопировано

drive-title = Ваша поездка
drive-planned = Когда вы начнёте посадку, об этом узнают все в комнате.
drive-boarding = Отметьте, кто сел, и отправляйтесь.
drive-under_way = Все в комнате знают, что вы в пути.
drive-arrived = Все брони завершены. Закройте поездку, когда дел не останется.
drive-closed = Эта поездка завершена.
drive-cancelled = Эта поездка отменена.
drive-to-boarding = Начать посадку
drive-to-under_way = Отправляемся
drive-to-arrived = Приехали
drive-to-closed = Закрыть поездку
drive-not-yet = Ещё нет
drive-aboard = { $aboard } из { $all } в машине
drive-absent = { $count ->
    [one] { $count } не пришёл
   *[other] { $count } не пришли
}
drive-leave-title = Ехать без всех?
drive-leave-text = { $count ->
    [one] { $count } человек ещё не сел.
    [few] { $count } человека ещё не сели.
   *[other] { $count } человек ещё не сели.
}
drive-close-title = Закрыть эту поездку?
drive-close-text = Все в комнате узнают, что поездка завершена. Вернуть это нельзя.
drive-call-off = Отменить поездку
drive-call-off-title = Отменить эту поездку?
drive-call-off-text = Все её брони закончатся, и все в комнате об этом узнают. Вернуть это нельзя.
drive-time = Изменить время
drive-vehicle = Сменить машину
drive-time-title = Когда отправление?
drive-time-now = Сейчас: { $day }, { $time }
drive-time-new = Будет: { $day }, { $time }
drive-time-note = Все остановки сдвинутся вместе с ним, и все в комнате об этом узнают.
drive-time-by = +{ $count } мин
drive-time-save = Изменить время
drive-vehicle-title = Какая машина приедет?
drive-vehicle-note = Все в комнате об этом узнают.
drive-vehicle-save = Сменить машину

booking-request = Попросить место
booking-request-many = { $count ->
    [one] Попросить { $count } место
    [few] Попросить { $count } места
   *[other] Попросить { $count } мест
}
booking-how-many = Сколько мест?
booking-fewer = На одно место меньше
booking-more = На одно место больше
booking-pickup = Посадка
booking-dropoff = Высадка
booking-stretch-note = Место занято на всю поездку, где бы вы ни сели и ни вышли.
booking-yours = Ваша бронь
booking-requests = Запросы
booking-requests-empty = Пока никто не просил места.
booking-seats = { $count ->
    [one] { $count } место
    [few] { $count } места
   *[other] { $count } мест
}
booking-confirm = Подтвердить
booking-confirm-label = Подтвердить: { $name }, { $number }
booking-status = { $status ->
    [confirmed] Подтверждена
    [declined] Отклонена
    [expired] Истекла
    [cancelled] Отменена
    [boarded] В машине
    [no_show] Неявка
    [completed] Завершена
   *[requested] Запрошена
}
booking-cancel = Отменить бронь
booking-cancel-label = Отменить бронь { $number }
booking-cancel-title = Отменить бронь { $number }?
booking-cancel-text = { $count ->
    [one] Место ({ $name }) освободится для другого. Вернуть это нельзя.
    [few] { $count } места ({ $name }) освободятся для других. Вернуть это нельзя.
   *[other] { $count } мест ({ $name }) освободятся для других. Вернуть это нельзя.
}
booking-waits-for-driver = Водитель видит ваш запрос и подтвердит его. Тогда для вас откроется комната.
booking-confirmed-note = Место за вами. Вы можете говорить со всеми в комнате.
booking-passengers = Пассажиры
booking-decline = Отклонить
booking-decline-label = Отклонить: { $name }, { $number }
booking-decline-title = Отклонить запрос: { $name }?
booking-decline-text = Запрос закончится. Вернуть это нельзя.
booking-board = В машине
booking-board-label = { $name } в машине
booking-no-show = Не пришёл
booking-no-show-label = Не пришёл: { $name }
booking-no-show-title = Неявка: { $name }?
booking-no-show-text = Бронь закончится, и человек выйдет из комнаты. Вернуть это нельзя.
booking-unboard = Вернуть
booking-unboard-label = Вернуть: { $name } не в машине
booking-no-seat-note = Эта поездка больше не принимает запросов.
booking-go-note = Началась посадка: идите к машине.
booking-gone-note = Поездка началась.
booking-aboard-note = Вы в машине. Хорошей дороги.
booking-declined-note = Водитель отказал. Поищите другую поездку.
booking-expired-note = Вовремя никто не ответил. Поищите другую поездку.
booking-off-note = Поездка отменена. Поищите другую.
booking-no-show-note = Водитель отметил, что вы не пришли.
booking-completed-note = Вы приехали.

review-label = Сколько звёзд
review-with = Как прошла поездка? { $name }
review-stars = { $count ->
    [one] { $count } звезда
    [few] { $count } звезды
   *[other] { $count } звёзд
}
review-text = Несколько слов
review-text-hint = Можно оставить пустым. Отзыв прочитает { $name }, а также те, кто едет вместе.
review-text-long = Не больше 1000 знаков.
review-send = Отправить отзыв
review-own = Ваш отзыв
review-open = Его можно изменить до { $day }.
review-change = Изменить
review-change-label = Изменить отзыв: { $name }
review-theirs = { $name } о вас
review-rating = { $count ->
    [one] { $average } из 5 звёзд, { $count } отзыв
    [few] { $average } из 5 звёзд, { $count } отзыва
   *[other] { $average } из 5 звёзд, { $count } отзывов
}
review-about = Отзывы: { $name }
review-more = Показать ещё

new-trip-title = Новая поездка
new-trip-lead = Её сразу увидят и смогут попросить место.
new-trip-again-lead = Та же поездка в следующий возможный день. Проверьте её, прежде чем предложить.
new-trip-stop-from = Откуда
new-trip-stop-to = Куда
new-trip-stop-via = Остановка { $number }
new-trip-place = Место
new-trip-date = Дата
new-trip-time = Время
new-trip-zone = Часовой пояс
new-trip-add-stop = Добавить остановку по пути
new-trip-remove-stop = Убрать: { $name }
new-trip-model = Марка и модель
new-trip-colour = Цвет
new-trip-plate = Номер машины
new-trip-seats = Сколько мест
new-trip-amount = Цена места
new-trip-currency = Валюта
new-trip-luggage = Багаж
new-trip-luggage-hint = Что может взять каждый. Можно оставить пустым.
new-trip-create = Предложить поездку

problem-required = Заполните это поле.
problem-date = Напишите дату как год-месяц-день, например 2026-11-21.
problem-time = Напишите время как часы:минуты, например 08:00.
problem-order = Это не позже предыдущей остановки.
problem-same = Отправление и так в это время.
problem-past = Это время уже прошло.
problem-seats = От 1 до 100 мест.
problem-amount = Напишите сумму, например 5000.
problem-long = Не больше 200 символов.
problems-title = Кое-что ещё не заполнено
booking-message-driver = Написать водителю
booking-message-driver-label = Написать водителю о брони { $number }
booking-message-passenger = Написать: { $name }, { $number }
booking-card = Бронь
view-details = Подробнее
