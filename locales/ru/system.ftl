### Что сервер сам говорит в комнате, как это читает каждый: в комнате, в списке чатов и в уведомлениях.

system-BOARDING = Началась посадка
system-STARTED = Поездка началась
system-ARRIVED = Приехали
system-COMPLETED = Поездка завершена
system-TRIP_CANCELLED = Поездка отменена
system-VEHICLE_CHANGED = Приедет другая машина: { $vehicle }
system-DRIVER_CHANGED = Теперь за рулём: { $name }
system-REQUESTED = { $count ->
    [one] Запрошено { $count } место
    [few] Запрошено { $count } места
   *[other] Запрошено { $count } мест
}
system-CONFIRMED = Бронь подтверждена
system-DECLINED = Запрос отклонён
system-CANCELLED = Бронь отменена
system-EXPIRED = На запрос не ответили вовремя
system-BOARDED = Пассажир в машине
system-NO_SHOW = Пассажир не пришёл
system-JOINED = { $name } теперь в комнате
system-LEFT = { $name } больше не в комнате
system-later = { $count ->
    [one] Отправление на { $count } минуту позже
    [few] Отправление на { $count } минуты позже
   *[other] Отправление на { $count } минут позже
}
system-later-by = Отправление на { $span } позже
system-earlier = { $count ->
    [one] Отправление на { $count } минуту раньше
    [few] Отправление на { $count } минуты раньше
   *[other] Отправление на { $count } минут раньше
}
system-earlier-by = Отправление на { $span } раньше
