### Сапарлар, брондар және жаңа сапардың пішіні.

trips-title = Сапарлар
trips-new = Жаңа сапар
trips-empty-title = Әзірге сапар жоқ
trips-empty = Алғашқысын ұсыныңыз: адамдар орын сұрайды, сіз растайсыз, сөйтіп бөлмесінде сөйлесесіздер.
trips-pick = Аялдамаларын, орындарын және бағасын көру үшін сапарды таңдаңыз.

trips-view = Не көрсетілген
trips-view-find = Сапар іздеу
trips-view-bookings = Брондарым
find-from = Қайдан
find-to = Қайда
find-day = Күн
find-act = Іздеу
find-all = Бәрін көрсету
find-found = { $count } сапар табылды
find-nothing-title = Сапар табылмады
find-nothing = Жер атауының басын немесе басқа күнді көріңіз.
bookings-empty-title = Әзірге брон жоқ
bookings-empty = Сапар тауып, орын сұраңыз: броныңыз осында пайда болады.

route = { $from } → { $to }
trip-status = { $status ->
    [boarding] Отырғызу
    [under_way] Жолда
    [arrived] Жетті
    [closed] Аяқталды
    [cancelled] Болмайды
   *[planned] Жоспарда
}
trip-you-drive = Сіз жүргізесіз
trip-you-ride = Сіз барасыз
trip-stops = Аялдамалар
trip-duration = { $hours } сағ { $minutes } мин
trip-duration-hours = { $hours } сағ
trip-duration-minutes = { $minutes } мин
trip-driver = Жүргізуші
trip-vehicle = Көлік
trip-price = Бір орынның бағасы
trip-luggage = Жүк
trip-seats = Орындар
trip-seats-free = { $count ->
    [0] Бос орын жоқ
   *[other] { $count } бос орын
}
trip-seats-of = { $all } орынның { $free } бос
trip-open-room = Бөлмені ашу
trip-facts = Сапар туралы
trip-again = Қайта ұсыну

share-act = Бөлісу
share-title = Осы сапарға шақыру
share-text = Tripchat бар адам { $trip } сапарын осы сілтемемен немесе кодпен ашып, орын сұрай алады.
share-code = { $trip } сапарының QR коды
share-copy = Сілтемені көшіру
share-copied = Көшірілді

drive-title = Сіздің сапарыңыз
drive-planned = Отырғызуды бастағаныңызда, бөлмедегілердің бәрі біледі.
drive-boarding = Кім отырғанын белгілеп, жолға шығыңыз.
drive-under_way = Бөлмедегілердің бәрі сіздің жолда екеніңізді біледі.
drive-arrived = Барлық брон аяқталды. Істейтін ештеңе қалмағанда сапарды жабыңыз.
drive-closed = Бұл сапар аяқталды.
drive-cancelled = Бұл сапар болмайды.
drive-to-boarding = Отырғызуды бастау
drive-to-under_way = Жолға шығу
drive-to-arrived = Жеттік
drive-to-closed = Сапарды жабу
drive-not-yet = Әлі емес
drive-aboard = { $all } адамнан { $aboard } көлікте
drive-absent = { $count } адам келмеді
drive-leave-title = Бәрі отырмай шығасыз ба?
drive-leave-text = { $count } адам әлі отырған жоқ.
drive-close-title = Осы сапарды жабу керек пе?
drive-close-text = Бөлмедегілердің бәрі сапардың аяқталғанын біледі. Мұны қайтару мүмкін емес.
drive-call-off = Сапардан бас тарту
drive-call-off-title = Осы сапардан бас тартасыз ба?
drive-call-off-text = Оның барлық броны аяқталады, бөлмедегілердің бәрі біледі. Мұны қайтару мүмкін емес.
drive-time = Уақытын өзгерту
drive-vehicle = Көлікті ауыстыру
drive-time-title = Қашан шығады?
drive-time-now = Қазір: { $day }, { $time }
drive-time-new = Жаңа: { $day }, { $time }
drive-time-note = Барлық аялдама бірге жылжиды, бөлмедегілердің бәрі біледі.
drive-time-by = +{ $count } мин
drive-time-save = Уақытын өзгерту
drive-vehicle-title = Қандай көлік келеді?
drive-vehicle-note = Бөлмедегілердің бәрі біледі.
drive-vehicle-save = Көлікті ауыстыру

booking-request = Орын сұрау
booking-request-many = { $count } орын сұрау
booking-how-many = Неше орын?
booking-fewer = Бір орынға аз
booking-more = Бір орынға көп
booking-pickup = Отыратын жер
booking-dropoff = Түсетін жер
booking-stretch-note = Қайда отырып, қайда түссеңіз де, орын бүкіл сапарға алынады.
booking-yours = Сіздің броныңыз
booking-requests = Сұраулар
booking-requests-empty = Әзірге ешкім орын сұраған жоқ.
booking-seats = { $count } орын
booking-confirm = Растау
booking-confirm-label = Растау: { $name }, { $number }
booking-status = { $status ->
    [confirmed] Расталды
    [declined] Қабылданбады
    [expired] Мерзімі өтті
    [cancelled] Бас тартылды
    [boarded] Көлікте
    [no_show] Келмеді
    [completed] Аяқталды
   *[requested] Сұралды
}
booking-cancel = Броннан бас тарту
booking-cancel-label = { $number } броннан бас тарту
booking-cancel-title = { $number } броннан бас тартасыз ба?
booking-cancel-text = { $count ->
    [one] Орын ({ $name }) басқа біреуге босайды. Мұны қайтару мүмкін емес.
   *[other] { $count } орын ({ $name }) басқаларға босайды. Мұны қайтару мүмкін емес.
}
booking-waits-for-driver = Жүргізуші сұрауыңызды көріп, растайды. Сонда сізге бөлме ашылады.
booking-confirmed-note = Орныңыз бар. Бөлмедегілердің бәрімен сөйлесе аласыз.
booking-passengers = Жолаушылар
booking-decline = Қабылдамау
booking-decline-label = Қабылдамау: { $name }, { $number }
booking-decline-title = Сұрауды қабылдамайсыз ба: { $name }?
booking-decline-text = Сұрау аяқталады. Мұны қайтару мүмкін емес.
booking-board = Көлікте
booking-board-label = { $name } көлікте
booking-no-show = Келмеді
booking-no-show-label = { $name } келмеді
booking-no-show-title = { $name } келмеді ме?
booking-no-show-text = Брон аяқталады, адам бөлмеден шығады. Мұны қайтару мүмкін емес.
booking-unboard = Қайтару
booking-unboard-label = Қайтару: { $name } көлікте емес
booking-no-seat-note = Бұл сапар енді сұрау қабылдамайды.
booking-go-note = Отырғызу басталды: көлікке барыңыз.
booking-gone-note = Сапар басталды.
booking-aboard-note = Сіз көліктесіз. Жолыңыз болсын.
booking-declined-note = Жүргізуші қабылдамады. Басқа сапар іздеңіз.
booking-expired-note = Ешкім уақытында жауап бермеді. Басқа сапар іздеңіз.
booking-off-note = Сапар болмайтын болды. Басқасын іздеңіз.
booking-no-show-note = Жүргізуші сізді келмеді деп белгіледі.
booking-completed-note = Сіз жеттіңіз.

review-label = Неше жұлдыз
review-with = Сапар қалай өтті? { $name }
review-stars = { $count ->
    [one] { $count } жұлдыз
   *[other] { $count } жұлдыз
}
review-text = Бірер сөз
review-text-hint = Бос қалдыруға болады. Пікірді { $name } және бірге жүретін адамдар оқиды.
review-text-long = 1000 таңбадан аспасын.
review-send = Пікірді жіберу
review-own = Сіздің пікіріңіз
review-open = Оны { $day } дейін өзгертуге болады.
review-change = Өзгерту
review-change-label = Өзгерту: { $name } туралы пікір
review-theirs = { $name } сіз туралы
review-rating = { $count ->
    [one] 5 жұлдыздан { $average }, { $count } пікір
   *[other] 5 жұлдыздан { $average }, { $count } пікір
}
review-about = Пікірлер: { $name }
review-more = Тағы көрсету

new-trip-title = Жаңа сапар
new-trip-lead = Оны бірден көріп, орын сұрай алады.
new-trip-again-lead = Сол сапар, келесі күні. Ұсынар алдында қарап шығыңыз.
new-trip-stop-from = Қайдан
new-trip-stop-to = Қайда
new-trip-stop-via = { $number }-аялдама
new-trip-place = Жер
new-trip-date = Күні
new-trip-time = Уақыты
new-trip-zone = Уақыт белдеуі
new-trip-add-stop = Жолдағы аялдаманы қосу
new-trip-remove-stop = Алып тастау: { $name }
new-trip-model = Маркасы мен үлгісі
new-trip-colour = Түсі
new-trip-plate = Көлік нөмірі
new-trip-seats = Ұсынылатын орын
new-trip-amount = Бір орынның бағасы
new-trip-currency = Валюта
new-trip-luggage = Жүк
new-trip-luggage-hint = Әркім не ала алады. Бос қалуы мүмкін.
new-trip-create = Сапарды ұсыну

problem-required = Осы өрісті толтырыңыз.
problem-date = Күнді жыл-ай-күн түрінде жазыңыз, мысалы 2026-11-21.
problem-time = Уақытты сағат:минут түрінде жазыңыз, мысалы 08:00.
problem-order = Бұл алдыңғы аялдамадан кеш емес.
problem-same = Онсыз да осы уақытта шығады.
problem-past = Бұл уақыт өтіп кетті.
problem-seats = 1 мен 100 аралығында орын.
problem-amount = Соманы жазыңыз, мысалы 5000.
problem-long = Ең көбі 200 таңба.
problems-title = Бірнеше нәрсе толтырылмаған
booking-message-driver = Жүргізушіге жазу
booking-message-driver-label = { $number } броны туралы жүргізушіге жазу
booking-message-passenger = Жазу: { $name }, { $number }
booking-card = Брон
view-details = Толығырақ
