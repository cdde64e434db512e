### Сервер бөлмеде өзі айтатыны, әркім оқитындай: бөлмеде, чаттар тізімінде және хабарландыруларда.

system-BOARDING = Отырғызу басталды
system-STARTED = Сапар басталды
system-ARRIVED = Жеттік
system-COMPLETED = Сапар аяқталды
system-TRIP_CANCELLED = Сапар болмайтын болды
system-VEHICLE_CHANGED = Басқа көлік келеді: { $vehicle }
system-DRIVER_CHANGED = Енді рөлде: { $name }
system-REQUESTED = { $count } орын сұралды
system-CONFIRMED = Брон расталды
system-DECLINED = Сұрау қабылданбады
system-CANCELLED = Броннан бас тартылды
system-EXPIRED = Сұрауға уақытында жауап берілмеді
system-BOARDED = Жолаушы көлікте
system-NO_SHOW = Жолаушы келмеді
system-JOINED = { $name } бөлмеге кірді
system-LEFT = { $name } бөлмеден шықты
system-later = { $count } минут кеш шығады
system-later-by = { $span } кеш шығады
system-earlier = { $count } минут ерте шығады
system-earlier-by = { $span } ерте шығады
