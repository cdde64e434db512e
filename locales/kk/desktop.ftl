### Қабықтың өзі айтатыны: терезенің атауы, хабарландырулар, трей.

window-title-unread = ({ $count }) { $name }

notice-line = { $name }: { $text }
notice-more = { $count ->
    [100] 100 немесе одан көп жаңа хабарлама
   *[other] { $count } жаңа хабарлама
}
notice-open = Ашу

tray-open = Tripchat ашу
tray-room = { $title } ({ $count })
tray-quit = Шығу
tray-quiet = { $name }: жаңа ештеңе жоқ
tray-unread = { $name }: { $count } жаңа хабарлама
