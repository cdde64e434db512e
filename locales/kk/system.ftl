### Сервер бөлмеде өзі айтатыны, әркім оқитындай: бөлмеде, чаттар тізімінде және хабарландыруларда.

system-BOARDING = Отырғызу басталды
system-STARTED = Сапар басталды
system-ARRIVED = Жеттік
system-COMPLETED = Сапар аяқталды
system-TRIP_CANCELLED = Сапар болмайтын болды
system-VEHICLE_CHANGED = Басқа көлік келеді: { $vehicle }
system-later = { $count } минут кеш шығады
system-later-by = { $span } кеш шығады
system-earlier = { $count } минут ерте шығады
system-earlier-by = { $span } ерте шығады
