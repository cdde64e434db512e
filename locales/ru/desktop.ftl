### Что оболочка говорит сама: заголовок окна, уведомления, трей.

window-title-unread = ({ $count }) { $name }

notice-line = { $name }: { $text }
notice-more = { $count ->
    [one] { $count } новое сообщение
    [few] { $count } новых сообщения
    [100] 100 новых сообщений или больше
   *[other] { $count } новых сообщений
}
notice-open = Открыть

tray-open = Открыть Tripchat
tray-room = { $title } ({ $count })
tray-quit = Выйти
tray-quiet = { $name }: ничего нового
tray-unread = { $count ->
    [one] { $name }: { $count } новое сообщение
    [few] { $name }: { $count } новых сообщения
   *[other] { $name }: { $count } новых сообщений
}
