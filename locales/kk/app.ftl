### Қолданбаның қаңқасы: бөлімдер, байланыс және барлық экранға ортақ күйлер.

app-name = Tripchat
app-promise = Жүргізуші мен жолаушылар бір бөлмеде — броннан соңғы аялдамаға дейін.
nav-label = Бөлімдер
nav-inbox = Чаттар
nav-trips = Сапарлар
nav-me = Мен

back = Артқа
cancel = Болдырмау
close = Жабу
clear = Тазалау
keep-it = Қалдыру
try-again = Қайталау
loading = Жүктелуде…

banner-reconnecting = Қайта қосылуда…
banner-works-on = Қазір жазғаныңыз байланыс оралғанда жіберіледі.

broken-title = Tripchat өз деректерін аша алмайды
broken-code = Код { $code }

day-today = Бүгін
day-yesterday = Кеше

person-gone = Жойылған тіркелгі

presence-online = Желіде
presence-away = Орнында жоқ
presence-offline = Желіде емес

keys-title = Пернелер
key-switch = Барлық бөлмеден іздеу
key-find = Осы бөлмеден іздеу
key-rooms = Жоғарғы немесе төменгі бөлме
key-edit = Соңғы хабарламаңызды өзгерту, бос өрістен
key-send = Жіберу
key-break = Жаңа жол
key-messages = Хабарламаларға; содан кейін ↑ ↓, не істеуге болатыны — Enter
key-back = Артқа
key-quit = Шығу
key-help = Осы пернелер
